// NaN, infinities, nothing at all, and types that are converted: eager and compiled.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';

beforeAll(async () => {
  await startBackend();
});

/** What an operation gives, and that a compiled step gives the same. */
function valuesOf(x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): number[] {
  const step = compile((given: tf.Tensor) => tf.tidy(() => f(given)));
  const eager = [...tf.tidy(() => f(x)).dataSync()];
  // XNNPACK's sigmoid and softmax round otherwise than ours.
  expectClose(step(x).dataSync(), eager, { absolute: 0, relative: 3e-7 });
  step.dispose();
  x.dispose();
  return eager;
}

describe('oneHot', () => {
  it.each([
    ['float32', 0.5, -0.25, [-0.25, 0.5, -0.25, -0.25, -0.25, -0.25]],
    ['float32', 1, 0, [0, 1, 0, 0, 0, 0]],
    ['int32', 7, -3, [-3, 7, -3, -3, -3, -3]],
    ['bool', 1, 0, [0, 1, 0, 0, 0, 0]],
    ['bool', 0, 1, [1, 0, 1, 1, 1, 1]],
  ] as const)('of %s, %f and %f; an index out of range has no place', (dtype, on, off, exact) => {
    expect(valuesOf(tf.tensor1d([1, 3], 'int32'), (x) => tf.oneHot(x, 3, on, off, dtype))).toEqual(
      exact,
    );
  });
});

const reductions: [string, (x: tf.Tensor, axis?: number) => tf.Tensor, number, number][] = [
  ['sum', tf.sum, 0, 0],
  ['mean', tf.mean, NaN, NaN],
  ['prod', tf.prod, 1, 1],
  ['max', tf.max, -Infinity, -(2 ** 31)],
  ['min', tf.min, Infinity, 2 ** 31 - 1],
  ['norm', (x, axis) => tf.norm(x, 'euclidean', axis), 0, 0],
  ['logSumExp', tf.logSumExp, -Infinity, -Infinity],
];

describe.each(reductions)('%s of nothing', (name, f, ofFloats, ofIntegers) => {
  it.each(['float32', 'int32'] as const)('of %s', (dtype) => {
    if (dtype === 'int32' && (name === 'norm' || name === 'logSumExp')) return; // of float32 alone
    const exact = dtype === 'float32' ? ofFloats : ofIntegers;
    expect(valuesOf(tf.tensor1d([], dtype), (x) => f(x))).toEqual([exact]);
    expect(valuesOf(tf.zeros([0, 3], dtype), (x) => f(x, 0))).toEqual([exact, exact, exact]);
    expect(valuesOf(tf.zeros([2, 0], dtype), (x) => f(x, -1))).toEqual([exact, exact]);
    expect(valuesOf(tf.zeros([0, 3], dtype), (x) => f(x, 1))).toEqual([]);
  });
});

it('all, any, argMax and cumsum of nothing', () => {
  expect(valuesOf(tf.zeros([0, 2], 'bool'), (x) => tf.all(x, 0))).toEqual([1, 1]);
  expect(valuesOf(tf.zeros([0, 2], 'bool'), (x) => tf.any(x, 0))).toEqual([0, 0]);
  expect(valuesOf(tf.zeros([0, 2]), (x) => tf.cumsum(x, 0))).toEqual([]);
  expect(valuesOf(tf.zeros([0, 2]), (x) => tf.argMax(x, 1))).toEqual([]);
  const none = tf.zeros([0, 2]);
  expect(() => tf.argMax(none, 0)).toThrow(
    'ArgMax: the axis must have at least one value; got axis 0 of [0,2]',
  );
  none.dispose();
});

describe('cast', () => {
  const floats = [0.5, -0.5, 256, 2, NaN, 0, -0, Infinity, -Infinity, 1e-40, 3e9, -3e9, 1e20];
  it.each([
    ['float32', 'bool', floats, [1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1]],
    // As JavaScript's `x | 0` has it: towards 0, modulo 2^32.
    ['float32', 'int32', floats, [0, 0, 256, 2, 0, 0, 0, 0, 0, 0, -1294967296, 1294967296, 0]],
    ['int32', 'bool', [0, 1, -1, 256, -(2 ** 31), 2 ** 31 - 1], [0, 1, 1, 1, 1, 1]],
    ['int32', 'float32', [0, -7, 2 ** 31 - 1], [0, -7, 2 ** 31]],
    ['bool', 'int32', [0, 1, 1, 0, 1], [0, 1, 1, 0, 1]],
    ['bool', 'float32', [0, 1, 1, 0, 1], [0, 1, 1, 0, 1]],
  ] as const)('%s to %s', (from, to, x, exact) => {
    const wide = [...x, ...x, ...x];
    expect(valuesOf(tf.tensor1d(wide, from), (y) => tf.cast(y, to)).map((y) => y + 0)).toEqual([
      ...exact,
      ...exact,
      ...exact,
    ]);
  });
});

/** Operations through which a NaN goes, wherever it is, alone, in a register and behind one. */
const passing: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['clipByValue', (x) => tf.clipByValue(x, -2, 3)],
  ['relu', tf.relu],
  ['relu6', tf.relu6],
  ['leakyRelu', tf.leakyRelu],
  ['prelu', (x) => tf.prelu(x, tf.scalar(0.2))],
  ['elu', tf.elu],
  ['selu', tf.selu],
  ['step', tf.step],
  ['abs', tf.abs],
  ['round', tf.round],
  ['floor', tf.floor],
  ['exp', tf.exp],
  ['log', tf.log],
  ['tanh', tf.tanh],
  ['sigmoid', tf.sigmoid],
  ['softplus', tf.softplus],
  ['erf', tf.erf],
  ['maximum', (x) => tf.maximum(x, tf.scalar(0))],
  ['maximum, on the right', (x) => tf.maximum(tf.scalar(0), x)],
  ['maximum of a row', (x) => tf.maximum(x, tf.zeros([1, 1]))],
  ['minimum', (x) => tf.minimum(x, tf.zerosLike(x))],
  ['minimum of a column', (x) => tf.minimum(tf.stack([x, x]), tf.zeros([2, 1]))],
  ['max', (x) => tf.max(x)],
  ['min', (x) => tf.min(x)],
  ['max of columns', (x) => tf.max(tf.reshape(x, [-1, 1]), 0)],
  ['sum', (x) => tf.sum(x)],
  ['mean', (x) => tf.mean(x)],
  ['prod', (x) => tf.prod(x)],
  ['softmax', (x) => tf.softmax(x)],
  ['gradient of relu', (x) => tf.grad((y) => tf.relu(y))(x)],
];

describe.each(passing)('NaN stays in %s', (_, f) => {
  it.each([1, 3, 4, 5, 8, 9, 16, 17, 33])('of %i values', (n) => {
    for (const place of new Set([0, n >> 1, n - 1])) {
      const x = Array.from({ length: n }, (_value, i) => (i === place ? NaN : 1 + i));
      const y = valuesOf(tf.tensor1d(x), f);
      expect(y[y.length === 1 ? 0 : place]).toBeNaN();
    }
  });
});

it('argMax passes over NaN behind the first value, as tfjs does', () => {
  expect(valuesOf(tf.tensor1d([1, NaN, 3, 2]), (x) => tf.argMax(x))).toEqual([2]);
});

describe('topk', () => {
  it.each([
    [[NaN, 1, 3, 2], 'float32', 4, [0, 2, 3, 1]],
    [[1, NaN, Infinity, NaN], 'float32', 3, [1, 3, 2]],
    [[-0, 0, -1, -Infinity], 'float32', 3, [0, 1, 2]],
    [[0, 1, 0, 1], 'bool', 3, [1, 3, 0]],
    [[5, 7, 7], 'int32', 2, [1, 2]],
  ] as const)(
    'of %j in %s: NaN counts as the largest, of equal ones the first',
    (given, dtype, k, wanted) => {
      const x = (): tf.Tensor => tf.tensor1d([...given], dtype);
      expect(valuesOf(x(), (y) => tf.topk(y, k).indices)).toEqual(wanted);
      const found = valuesOf(x(), (y) => tf.topk(y, k).values);
      expect(found).toEqual(wanted.map((i) => given[i]));
    },
  );

  it('of several rows, and of none', () => {
    const rows = tf.tensor2d([NaN, 1, 2, 3, 4, NaN], [2, 3]);
    expect(valuesOf(rows, (x) => tf.topk(x, 1).indices)).toEqual([0, 2]);
    expect(tf.topk(tf.ones([3, 0]), 0).indices.shape).toEqual([3, 0]);
  });
});

it('a pad by NaN is one, of any rank, and leaves those after it as they are', () => {
  const inBatches = (): number[] => [
    ...tf
      .spaceToBatchND(
        tf.ones([1, 2, 2, 1]),
        [2, 2],
        [
          [1, 1],
          [1, 1],
        ],
      )
      .dataSync(),
  ];
  const pads: [number, number][] = [
    [1, 0],
    [0, 2],
  ];
  expect(valuesOf(tf.tensor2d([[1, 2]]), (x) => tf.pad(x, pads, NaN))).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
    1,
    2,
    NaN,
    NaN,
  ]);
  const volume = (): tf.Tensor => tf.reshape(tf.range(1, 3), [1, 1, 1, 1, 2]);
  const around = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [1, 1],
  ] as [number, number][];
  expect(valuesOf(volume(), (x) => tf.pad(x, around, NaN))).toEqual([NaN, 1, 2, NaN]);
  expect(inBatches()).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
});
