// Poolings against tfjs' CPU backend and against central differences, eager and compiled.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { onBackend } from './on-backend.js';
import { rank4, rank5 } from './ranks.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

type Pad = Parameters<typeof tf.maxPool>[3];
type Rounding = Parameters<typeof tf.maxPool>[4];

interface Case {
  readonly name: string;
  readonly shape: number[];
  readonly pool: (x: tf.Tensor) => tf.Tensor;
  /** Whether a kernel of tfjs does part of it. */
  readonly falls?: boolean;
}

const settings: [
  filter: [number, number],
  strides: [number, number],
  pad: Pad,
  rounding?: Rounding,
][] = [
  [[2, 2], [2, 2], 'valid'],
  [[3, 2], [1, 2], 'same'],
  [[3, 3], [2, 2], 1, 'floor'],
  [[3, 3], [2, 2], 1, 'ceil'],
  [[3, 3], [2, 2], 0, 'round'],
  [[1, 1], [2, 2], 'valid'],
  [[1, 1], [2, 2], 0],
];
const explicit: Pad = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];

const cases = (kind: 'max' | 'avg'): Case[] => [
  ...[1, 3, 4, 7].flatMap((channels) =>
    settings.map(([filter, strides, pad, rounding]): Case => ({
      name: `${kind} [2,5,4,${channels}] by [${filter.join()}], strides [${strides.join()}], ${String(pad)} ${rounding ?? ''}`,
      shape: [2, 5, 4, channels],
      pool: (x) =>
        (kind === 'max' ? tf.maxPool : tf.avgPool)(rank4(x), filter, strides, pad, rounding),
    })),
  ),
  {
    name: `${kind} with explicit padding`,
    shape: [1, 3, 3, 2],
    pool: (x) => (kind === 'max' ? tf.maxPool : tf.avgPool)(rank4(x), 3, 1, explicit),
  },
  {
    name: `${kind} with dilations`,
    shape: [1, 6, 6, 2],
    falls: true, // spaceToBatchND
    pool: (x) => tf.pool(rank4(x), 2, kind, 'same', 2, 1),
  },
  {
    name: `${kind} in three dimensions`,
    shape: [2, 3, 4, 5, 2],
    pool: (x) =>
      (kind === 'max' ? tf.maxPool3d : tf.avgPool3d)(rank5(x), [2, 3, 2], [1, 2, 2], 'same'),
  },
  {
    name: `${kind} of an empty batch`,
    shape: [0, 4, 4, 2],
    falls: true,
    pool: (x) => (kind === 'max' ? tf.maxPool : tf.avgPool)(rank4(x), 2, 2, 'valid'),
  },
];

/** All below 0, so that a maximum that begins at 0 is found out; none closer to another than central differences reach. */
const negative = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => -1 - 0.05 * ((i * 7919) % n));
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(y, tf.tensor(values(y.size, 3), y.shape)));

describe.each([...cases('max'), ...cases('avg')])(
  '$name',
  ({ name, shape, pool, falls = false }) => {
    it('gives the CPU backend’s values', async () => {
      const work = (): tf.Tensor[] => [pool(tf.tensor(negative(count(shape)), shape))];
      const [cpu] = await onBackend('cpu', work);
      const [wasm] = await onBackend('wasm', work);
      expect(wasm.shape).toEqual(cpu.shape);
      expectClose(wasm.values, cpu.values, { absolute: name.startsWith('max') ? 0 : 1e-6 });
    });

    it('has the gradient of central differences, compiled too', () => {
      tf.tidy(() => {
        const numbers = negative(count(shape));
        const x = tf.tensor(numbers, shape);
        const gradient = tf.grad((given: tf.Tensor) => weighted(pool(given)));
        const loss = (given: Float32Array): number =>
          tf.tidy(() => weighted(pool(tf.tensor(given, shape))).dataSync()[0]);
        const expected = numericGradient(loss, numbers.slice());
        expectClose(gradient(x).dataSync(), expected, { absolute: 1e-2 }); // sums of 50, rounded, over 0.02
        const step = compile((given: tf.Tensor) => gradient(given));
        for (let i = 0; i < 3; i++) {
          expect([...step(x).dataSync()]).toEqual([...gradient(x).dataSync()]);
        }
        const { fallbacks } = step.program?.stats ?? { fallbacks: { none: 1 } };
        expect(Object.keys(fallbacks).length > 0).toBe(falls);
        step.dispose();
      });
    });
  },
);

describe('maxPool', () => {
  it('gives the gradient of each window to its first largest value', () => {
    const pooled = tf.grad((x: tf.Tensor) => tf.maxPool(rank4(x), 2, 2, 'valid'));
    const gradientOf = (...x: number[]): number[] => [
      ...pooled(tf.tensor(x, [1, 2, 2, 1])).dataSync(),
    ];
    expect(gradientOf(-4, -3, -2, -1)).toEqual([0, 0, 0, 1]);
    expect(gradientOf(-1, -1, -1, -2)).toEqual([1, 0, 0, 0]);
    expect(gradientOf(0, 0, 0, 0)).toEqual([1, 0, 0, 0]);
    expect(gradientOf(-Infinity, -Infinity, -Infinity, -Infinity)).toEqual([1, 0, 0, 0]);
    expect(gradientOf(NaN, -3, -2, NaN)).toEqual([0, 0, 1, 0]);
  });

  it('leaves NaN out where there are numbers, and keeps it where there are none', () => {
    const x = tf.tensor4d([NaN, -3, -2, NaN, NaN, NaN, NaN, NaN], [1, 4, 2, 1]);
    expect([...tf.maxPool(x, 2, 2, 'valid').dataSync()]).toEqual([-2, NaN]);
  });

  it('says where the largest values are', () => {
    const x = tf.tensor4d([-4, -3, -2, -1, 5, 5, 0, 1], [2, 2, 2, 1]);
    const inImage = tf.maxPoolWithArgmax(x, 2, 2, 'valid');
    const inBatch = tf.maxPoolWithArgmax(x, 2, 2, 'valid', true);
    expect([...inImage['result'].dataSync()]).toEqual([-1, 5]);
    expect([...inImage['indexes'].dataSync()]).toEqual([3, 0]);
    expect([...inBatch['indexes'].dataSync()]).toEqual([3, 4]);
  });

  it('refuses other types, other ranks and windows that don’t fit', () => {
    const run = (x: tf.Tensor, filterSize: number): tf.Tensor =>
      tf.engine().runKernel('MaxPool', { x }, { filterSize, strides: 1, pad: 'valid' });
    expect(() => run(tf.ones([1, 2, 2, 1], 'int32'), 1)).toThrow('MaxPool: the tensors must be');
    expect(() => run(tf.ones([2, 2, 1]), 1)).toThrow(
      'MaxPool: the tensors must be float32 [B, H, W, C]',
    );
    expect(() => run(tf.ones([1, 2, 2, 1]), 5)).toThrow('MaxPool: the window must fit');
  });
});

it('leaks nothing', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      tf.grad((x: tf.Tensor) => weighted(tf.maxPool(rank4(x), 2, 2, 'same')))(
        tf.tensor(negative(18), [1, 3, 3, 2]),
      );
    });
  });
});
