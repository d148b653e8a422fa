// Sums of many values, which lose digits in single precision: values and gradients, eager and compiled, against float64.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
});

/** As many as there are losses of a bigram over all names. */
const N = 228_146;

/** Values near those losses, of one sign: errors of one direction add up. */
const losses = Float32Array.from(
  { length: N },
  (_, i) => 4.39 + 0.3 * Math.sin(i * 1.7) + (i % 7) / 100,
);
const total = (of: (x: number, i: number) => number): number =>
  losses.reduce((sum, x, i) => sum + of(x, i), 0);
const SUM = total((x) => x);
const EVEN = total((x, i) => (i % 2 === 0 ? x : 0));
const SQUARES = total((x) => x * x);
const EXPONENTIALS = total((x) => Math.exp(x - losses[0]));
const kernel = (name: string, inputs: tf.NamedTensorMap, attrs?: tf.NamedAttrMap): tf.Tensor =>
  [tf.engine().runKernel(name, inputs, attrs)].flat()[0];
const targets = (n: number): tf.Tensor1D => tf.zeros([n], 'int32');

interface Case {
  readonly name: string;
  /** The first value of the result counts. */
  readonly f: (x: tf.Tensor) => tf.Tensor;
  readonly exact: number;
  /** Relative; default 1e-6. Added in single precision, one after another, they are off by 1e-5 to 1e-4. */
  readonly within?: number;
}

const cases: Case[] = [
  { name: 'sum', f: (x) => tf.sum(x), exact: SUM },
  { name: 'sum of columns', f: (x) => tf.sum(tf.reshape(x, [-1, 2]), 0), exact: EVEN },
  { name: 'sum of planes', f: (x) => tf.sum(tf.reshape(x, [1, -1, 2]), 1), exact: EVEN },
  { name: 'sum of axes apart', f: (x) => tf.sum(tf.reshape(x, [-1, 2, 1]), [0, 2]), exact: EVEN },
  { name: 'mean', f: (x) => tf.mean(x), exact: SUM / N },
  { name: 'mean of columns', f: (x) => tf.mean(tf.reshape(x, [-1, 2]), 0), exact: (EVEN / N) * 2 },
  {
    name: 'mean of planes',
    f: (x) => tf.mean(tf.reshape(x, [1, -1, 2]), 1),
    exact: (EVEN / N) * 2,
  },
  {
    name: 'variance',
    f: (x) => tf.moments(x).variance,
    exact: total((x) => (x - SUM / N) ** 2) / N,
  },
  { name: 'norm', f: (x) => tf.norm(x), exact: Math.sqrt(SQUARES) },
  {
    name: 'product',
    f: (x) => tf.prod(tf.add(tf.mul(x, 1e-6), 1)),
    exact: losses.reduce((so, x) => so * Math.fround(1 + Math.fround(x * Math.fround(1e-6))), 1),
  },
  {
    name: 'cumulative sum',
    f: (x) => tf.slice(tf.cumsum(x), [N - 1]),
    exact: SUM,
  },
  { name: 'dot product', f: (x) => tf.dot(x, x), exact: SQUARES },
  { name: 'softmax', f: (x) => tf.softmax(x), exact: 1 / EXPONENTIALS },
  { name: 'log-softmax', f: (x) => tf.logSoftmax(x), exact: -Math.log(EXPONENTIALS) },
  {
    name: 'log-softmax, the kernel',
    f: (x) => kernel('LogSoftmax', { logits: x }, { axis: 0 }),
    exact: -Math.log(EXPONENTIALS),
  },
  {
    name: 'cross-entropy of a row',
    f: (x) => kernel('SoftmaxCrossEntropy', { logits: tf.reshape(x, [1, N]), targets: targets(1) }),
    exact: Math.log(EXPONENTIALS),
  },
  {
    name: 'mean of cross-entropies',
    f: (x) => {
      const logits = tf.stack([tf.zerosLike(x), x], 1); // [N, 2]
      return tf.mean(kernel('SoftmaxCrossEntropy', { logits, targets: targets(N) }));
    },
    exact: total((x) => Math.log1p(Math.exp(x))) / N,
  },
  {
    name: 'log of the sum of exponentials',
    f: (x) => tf.logSumExp(x),
    exact: losses[0] + Math.log(EXPONENTIALS),
  },
  {
    name: 'gradient of a bias',
    f: (x) =>
      tf.grad((bias) => tf.sum(tf.mul(tf.add(tf.zeros([N, 1]), bias), tf.reshape(x, [N, 1]))))(
        tf.zeros([1]),
      ),
    exact: SUM,
  },
  {
    name: 'gradient of a weight',
    f: (x) =>
      tf.grad((w) => tf.sum(tf.matMul(tf.reshape(x, [N, 1]), w as tf.Tensor2D)))(tf.ones([1, 1])),
    exact: SUM,
  },
  {
    name: 'gradient of an embedding',
    f: (x) =>
      tf.grad((table) => tf.sum(tf.mul(tf.gather(table, targets(N)), tf.reshape(x, [N, 1]))))(
        tf.zeros([2, 1]),
      ),
    exact: SUM,
  },
  {
    name: 'gradients of layer normalisation',
    f: (x) => {
      const rows = tf.stack([tf.zerosLike(x), tf.onesLike(x)], 1); // normalised to -1 and 1
      const [weight, bias] = [tf.ones([2]), tf.zeros([2])];
      const f = (w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        tf.sum(
          tf.mul(
            kernel('LayerNorm', { x: rows, weight: w, bias: b }, { epsilon: 0 }),
            tf.reshape(x, [N, 1]),
          ),
        );
      const [dWeight, dBias] = tf.grads(f)([weight, bias]);
      return tf.stack([tf.sum(dBias), tf.sum(tf.abs(dWeight))]);
    },
    exact: 2 * SUM,
  },
  {
    name: 'layer normalisation of one long row',
    f: (x) =>
      kernel(
        'LayerNorm',
        { x: tf.reshape(x, [1, N]), weight: tf.ones([N]), bias: tf.zeros([N]) },
        { epsilon: 0 },
      ),
    exact: (losses[0] - SUM / N) / Math.sqrt(total((x) => (x - SUM / N) ** 2) / N),
    within: 1e-5, // of a difference that is a hundredth of the values
  },
];

describe.each(cases)('$name', ({ f, exact, within = 1e-6 }) => {
  it('keeps its digits, eager and compiled', () => {
    const x = tf.tensor1d(losses);
    const step = compile((given: tf.Tensor) => tf.tidy(() => f(given)));
    const results = [tf.tidy(() => f(x)), step(x), step(x)].map((y) => y.dataSync()[0]);
    for (const result of results) expect(Math.abs(result / exact - 1)).toBeLessThan(within);
    step.dispose();
    x.dispose();
  });
});

it('attention over many positions keeps its digits', () => {
  const T = 3000; // all alike: each position's value is the mean of those before it
  const qkv = Float32Array.from({ length: T * 3 }, (_, i) => (i % 3 === 2 ? losses[i] : 0));
  const f = (x: tf.Tensor): tf.Tensor =>
    kernel(
      'CausalAttention',
      { qkv: tf.reshape(x, [1, T, 3]), starts: tf.zeros([1, T], 'int32') },
      { heads: 1 },
    );
  const x = tf.tensor1d(qkv);
  const y = tf.tidy(() => f(x).dataSync());
  const mean = qkv.reduce((sum, value) => sum + value, 0) / T;
  expect(Math.abs(y[T - 1] / mean - 1)).toBeLessThan(1e-6);
  x.dispose();
});

it('the gradients of attention over many positions keep their digits', () => {
  const T = 3000; // all alike: position s gets 1 / (t + 1) of what each later t gets
  const f = (x: tf.Tensor): tf.Tensor =>
    kernel(
      'CausalAttention',
      { qkv: tf.reshape(x, [1, T, 3]), starts: tf.zeros([1, T], 'int32') },
      { heads: 1 },
    );
  const x = tf.zeros([T * 3]);
  const gradient = compile((given: tf.Tensor) => tf.tidy(() => tf.grad(f)(given)));
  const exact = Array.from({ length: T }, (_, t) => 1 / (t + 1)).reduce((sum, p) => sum + p, 0);
  for (const result of [tf.tidy(() => tf.grad(f)(x)), gradient(x), gradient(x)]) {
    // In blocks of 64, as products; one after another it would be off by 1e-5.
    expect(Math.abs(result.dataSync()[2] / exact - 1)).toBeLessThan(5e-7);
  }
  gradient.dispose();
  x.dispose();
});

it('average pools of many values keep their digits', () => {
  tf.tidy(() => {
    const [width, window] = [40_000, 20_001];
    const x = tf.tensor4d(losses.subarray(0, width), [1, 1, width, 1]);
    const pool = (given: tf.Tensor): tf.Tensor =>
      tf.avgPool(given as tf.Tensor4D, [1, window], 10, 'valid');
    const start = losses.subarray(0, window).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(pool(x).dataSync()[0] / (start / window) - 1)).toBeLessThan(1e-7);
    const slopes = tf.grad(pool)(x).dataSync();
    const windows = (width - window - 9) / 10 + 1; // all of them hold what is in the middle
    expect(Math.abs(slopes[width / 2] / (Math.floor(windows) / window) - 1)).toBeLessThan(1e-7);
    expect(slopes[0]).toBe(Math.fround(1 / window));
  });
});

it('what would overflow on the way is added in double precision', () => {
  const [large, far] = [3e38, -3e38];
  const rows = tf.tensor2d([
    [large, large, far, far, 7],
    [large, far, large, far, 7],
    [far, large, large, far, 7],
    [far, far, far, large, 7],
  ]);
  tf.tidy(() => {
    expect([...tf.sum(rows, 1).dataSync()]).toEqual([7, 7, 7, -Infinity]);
    expect([...tf.mean(rows, 0).dataSync()]).toEqual([0, 0, 0, -1.5e38, 7].map(Math.fround));
  });
  rows.dispose();
});
