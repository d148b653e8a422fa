// tfjs' operations at the edges of their domains (nothing at all, NaN, infinities, the smallest and largest numbers, long
// sums), eager and compiled, against what PyTorch computes in float64 (fixtures/edges.json).
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { rank4 } from './ranks.js';
import { count } from './values.js';

type Stored = readonly (number | 'NaN' | 'Infinity' | '-Infinity')[];
interface Figure {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: number[];
  readonly values: Stored | 'long';
}
interface Case {
  readonly inputs: readonly number[];
  readonly output: Figure;
  readonly gradient?: Figure;
}
const file = JSON.parse(readFileSync(new URL('fixtures/edges.json', import.meta.url), 'utf8')) as {
  readonly producer: string;
  readonly tensors: readonly Figure[];
};
const { producer, tensors, ...rest } = file;
const cases = rest as Readonly<Record<string, Case>>;

beforeAll(async () => {
  await startBackend();
});

const long = (_: unknown, i: number): number => 4 + ((7919 * i) % 1009) / 1009;
function input({ dtype, shape, values }: Figure): tf.Tensor {
  const numbers =
    values === 'long' ? Array.from({ length: count(shape) }, long) : values.map(Number);
  const typed = dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers);
  return tf.tensor(typed, shape, dtype);
}

type Operation = (x: tf.Tensor, words: string[], y: tf.Tensor) => tf.Tensor;
/** What an axis is called in a case's name. */
const axisOf = (words: readonly string[]): number | undefined =>
  words.at(-1) === 'all' ? undefined : Number(words.at(-1));
const numbers = (words: readonly string[]): number[] =>
  words.map(Number).filter((n) => !Number.isNaN(n));
const places = (): tf.Tensor2D => tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32');
const layerNorm = (x: tf.Tensor): tf.Tensor => {
  const width = x.shape.at(-1) ?? 1;
  const [weight, bias] = [tf.ones([width]), tf.zeros([width])];
  return tf.engine().runKernel<tf.Tensor[]>('LayerNorm', { x, weight, bias }, { epsilon: 1e-5 })[0];
};
const pool =
  (kind: typeof tf.maxPool): Operation =>
  (x, [, size, stride, pad, rounding]) =>
    kind(rank4(x), Number(size), Number(stride), Number(pad), rounding as 'floor' | 'ceil');

const everything: Readonly<Record<string, unknown>> = { ...tf };
const named = (name: string) => everything[name] as (...given: unknown[]) => tf.Tensor;
const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(
    ['sum', 'mean', 'prod', 'max', 'min', 'any', 'all', 'logSumExp'].map((name) => [
      name,
      (x: tf.Tensor, words: string[]) => named(name)(x, axisOf(words)),
    ]),
  ),
  norm: (x) => tf.norm(x),
  cumsum: (x, words) => tf.cumsum(x, axisOf(words)),
  cumprod: (x, words) => tf.cumprod(x, axisOf(words)),
  cast: (x, words) => tf.cast(x, words[1] as tf.DataType),
  clip: (x, [least, most]) => tf.clipByValue(x, Number(least), Number(most)),
  gather: (x, words) => tf.gather(x, places(), numbers(words)[0], numbers(words)[1]),
  oneHot: (x, [depth]) => tf.oneHot(x, Number(depth), 1, 0, 'float32'),
  mirrorPad: (x) =>
    tf.mirrorPad(
      x,
      [
        [2, 0],
        [1, 3],
      ],
      'reflect',
    ),
  pieces: (x) =>
    tf.add(
      tf.mul(x, tf.cast(tf.mul(x, 5), 'int32')),
      tf.mul(x, tf.cast(tf.greater(x, 0.3), 'float32')),
    ),
  piece: (x) => tf.mul(tf.unstack(x)[0], tf.reshape(tf.split(x, 1)[0], [-1])),
  kept: (x, _, y) => tf.where(tf.greater(x, y), x, tf.mul(x, y)),
  maxPool: pool(tf.maxPool),
  avgPool: pool(tf.avgPool),
  crossEntropy: (logits, _, targets) =>
    tf.engine().runKernel<tf.Tensor[]>('SoftmaxCrossEntropy', { logits, targets })[0],
  layerNorm,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
};
const operationOf = (name: string): Operation =>
  operations[name] ?? ((x, _, y?: tf.Tensor) => named(name)(...(y === undefined ? [x] : [x, y])));

/** Nothing where they agree, else the first place where they don't. */
function difference(
  actual: tf.Tensor,
  { dtype, shape, values }: Figure,
  within: number,
): string | undefined {
  const got = actual.dataSync();
  if (actual.dtype !== dtype && dtype !== 'int32') return `${actual.dtype}, not ${dtype}`;
  if (got.length !== values.length) return `[${actual.shape.join()}], not [${shape.join()}]`;
  for (const [i, stored] of Array.from<string | number>(values).entries()) {
    const wanted = Math.fround(Number(stored)); // beyond the largest float32: infinite
    if (Object.is(got[i], wanted) || got[i] === wanted) continue;
    if (!(Math.abs(got[i] - wanted) <= within * Math.max(Math.abs(wanted), 1)))
      return `[${i}] is ${got[i]}, not ${wanted}`;
  }
  return undefined;
}

it.each(Object.keys(cases))('%s', (name) => {
  const [operation, ...words] = name.replace(/^(\w+) \[.*\]/, '$1').split(' ');
  const { inputs, output, gradient } = cases[name];
  const run = operationOf(operation);
  const step = (x: tf.Tensor, y?: tf.Tensor): tf.Tensor[] => {
    const f = (given: tf.Tensor): tf.Tensor => run(given, words, y as tf.Tensor);
    if (gradient === undefined) return [f(x)];
    const weights = tf.tensor(
      Float32Array.from({ length: count(output.shape) }, (_, i) => Math.cos(i / 7)),
      output.shape,
    );
    const slope = tf.grad((given: tf.Tensor) => tf.sum(tf.mul(f(given), weights)))(x);
    return [f(x), tf.slice(tf.reshape(slope, [-1]), 0, count(gradient.shape))];
  };
  tf.tidy(() => {
    const given = inputs.map((i) => input(tensors[i]));
    const compiled = compile((...all: tf.Tensor[]) => step(all[0], all[1]));
    const ways = { eager: step, again: step, compiled, 'compiled again': compiled };
    for (const [way, call] of Object.entries(ways)) {
      const [value, slope] = call(...(given as [tf.Tensor, tf.Tensor]));
      const problem =
        difference(value, output, 4e-6) ?? (gradient && difference(slope, gradient, 4e-6));
      expect(problem && `${way}: ${problem}`).toBeUndefined();
    }
    compiled.dispose();
  });
});

it('the figures say where they come from', () => {
  expect(producer).toContain('torch');
});
