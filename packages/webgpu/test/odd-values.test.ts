// NaN, infinities, whole numbers, nothing at all and very much, where drivers differ in silence: as on wasm.
import { compile } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { run } from './on-both.js';
import { hasNone, sharedGpu } from './on-gpu.js';

const odd = (): tf.Tensor => tf.tensor1d([NaN, Infinity, -Infinity, 1e20, -1e20, 2.7, -2.7, 0, -0]);
const whole = (): tf.Tensor => tf.tensor1d([-1, 2, 9], 'int32');

type Step = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

const cases: readonly (readonly [string, Step, () => tf.Tensor[]])[] = [
  ['squared relu of NaN', (x) => run('SquaredRelu', { x }), () => [odd()]],
  [
    'its gradient',
    (x, dy) => tf.add(run('SquaredReluGrad', { x, dy })[0], 0),
    () => [odd(), tf.ones([9])],
  ],
  ['NaN is not NaN', (x, y) => [tf.notEqual(x, y), tf.equal(x, y)], () => [odd(), odd()]],
  ['NaN as a truth', (x) => tf.cast(x, 'bool'), () => [odd()]],
  ['NaN as a whole number', (x) => tf.cast(x, 'int32'), () => [odd()]],
  ['relu of whole numbers', (x) => [tf.relu(x), tf.relu6(x)], () => [whole()]],
  ['whole numbers clipped', (x) => tf.clipByValue(x, 0, 1), () => [whole()]],
  [
    'a choice of two types',
    (test, x, y) => tf.where(test, x, y),
    () => [tf.tensor1d([1, 0, 1], 'bool'), whole(), tf.tensor1d([0.5, 1.5, 2.5])],
  ],
  ['times 0', (x) => [tf.mul(x, 0), tf.mul(x, tf.zeros([9]))], () => [odd()]],
  ['0 by x, and x by infinity', (x) => [tf.div(0, x), tf.div(x, Infinity)], () => [odd()]],
  ['x less itself, and by itself', (x) => [tf.sub(x, x), tf.div(x, x)], () => [odd()]],
  ['a slope of 0', (x) => tf.leakyRelu(x, 0), () => [odd()]],
  [
    'zeros times a matrix',
    (x) => tf.matMul(tf.zeros([1, 3]), tf.reshape(x, [3, 3])),
    () => [odd()],
  ],
  [
    'constants whose product is infinite',
    (x) => tf.add(tf.matMul(tf.tensor2d([[3.4e38]]), tf.tensor2d([[10]])), x),
    () => [tf.ones([1, 1])],
  ],
  [
    'a step of no size',
    (a, b) => run('Lerp', { a, b, t: tf.scalar(0) }),
    () => [tf.ones([9]), odd()],
  ],
  [
    'what is at most 1',
    (x) => [tf.any(tf.greater(tf.abs(tf.erf(x)), 1)), tf.any(tf.greater(tf.abs(tf.tanh(x)), 1))],
    () => [tf.linspace(-12, 12, 10_001)],
  ],
  [
    'GELU far below 0',
    (x) => run('Gelu', { x }, { approximate: 'none' }),
    () => [tf.tensor1d([-100, -1e4, -1e8, -Infinity, NaN, Infinity])],
  ],
  [
    'powers at the ends',
    (x, y) => [tf.pow(x, y), ...[-1.5, -0.5, 0.5, 1, 1.5, 2, 3].map((n) => tf.pow(x, n))],
    () => [
      tf.tensor1d([-Infinity, -Infinity, -Infinity, -0, -0, -0, 0, Infinity]),
      tf.tensor1d([0.5, -2.5, 3, 0.5, -0.5, 3, -0.5, -0.5]),
    ],
  ],
  [
    'the rest just below 0',
    (x, y) => tf.mod(x, y),
    () => [
      tf.tensor1d([-1e-9, -1e-9, 1e-9, -2, 2, -1, 1, 5]),
      tf.tensor1d([1, 6.2831855, -1, 2, -2, Infinity, -Infinity, 0]),
    ],
  ],
  [
    'whole numbers beyond 2^24 clipped',
    (x) => [tf.clipByValue(x, -3e9, 3e9), tf.clipByValue(x, -0.5, 1.5)],
    () => [tf.tensor1d([2 ** 31 - 1, 2 ** 24 + 1, -(2 ** 31), -1, 0, 1, 2], 'int32')],
  ],
  [
    'whole numbers beside a fraction',
    (x) => [tf.pad(x, [[1, 1]], 1.5), tf.pad(x, [[1, 1]], -3e9), tf.oneHot(x, 3, 1.5, 0.5)],
    () => [whole()],
  ],
  ['two types in one', (x, y) => tf.concat([x, y]), () => [whole(), tf.tensor1d([0.5, 1.5])]],
  ['many of two types', (x, y) => tf.concat([x, y, x, y, x, y, x]), () => [whole(), tf.ones([2])]],
  [
    'where NaN belongs',
    (x, y) => [tf.lowerBound(x, y), tf.upperBound(x, y)],
    () => [tf.tensor1d([1, 2, 3]), tf.tensor1d([NaN, 2, 9])],
  ],
  [
    'a bias for each place',
    (x, filter, across, all) => {
      const settings = {
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same' as const,
      };
      return [
        tf.fused.conv2d({ ...settings, bias: across }),
        tf.fused.conv2d({ ...settings, bias: all }),
        tf.fused.depthwiseConv2d({ ...settings, bias: across }),
        tf.fused.depthwiseConv2d({ ...settings, bias: all }),
      ];
    },
    () => [
      tf.reshape(tf.range(0, 32), [2, 4, 4, 1]),
      tf.ones([1, 1, 1, 1]),
      tf.reshape(tf.range(0, 4), [4, 1]),
      tf.reshape(tf.range(0, 16), [4, 4, 1]),
    ],
  ],
  [
    'the largest, NaN among them',
    (x) => [2, 4].flatMap((k) => Object.values(tf.topk(x, k))),
    () => [
      tf.tensor2d([
        [NaN, 1, 3, 2],
        [1, NaN, Infinity, NaN],
        [-0, 0, -1, -Infinity],
      ]),
    ],
  ],
  [
    'the largest of truths',
    (x) => Object.values(tf.topk(x, 2)),
    () => [tf.tensor1d([0, 1, 1, 0], 'bool')],
  ],
  [
    'signs of zero',
    (x, y) =>
      [tf.sin, tf.tan, tf.asin, tf.atan, tf.sinh, tf.asinh, tf.tanh, tf.atanh, tf.expm1]
        .map((of) => of(x))
        .concat(tf.erf(x), tf.relu6(x), tf.add(x, 0), tf.pow(x, y), tf.round(x), tf.ceil(x))
        .map((z) => tf.div(1, z)),
    () => [tf.tensor1d([-0, 0, -0]), tf.tensor1d([1, 1, 3])],
  ],
  ['a product of nothing', (x) => tf.matMul(tf.transpose(x), x), () => [tf.zeros([0, 3])]],
  [
    'more rows than groups along a dimension',
    (x, y) => tf.max(tf.matMul(x, y)),
    () => [tf.ones([1_048_600, 2]), tf.ones([2, 2])],
  ],
  ['as many matrices', (x) => tf.max(tf.matMul(x, x)), () => [tf.ones([65_537, 2, 2])]],
];

it.skipIf(hasNone).each(cases)('%s', async (_, step, make) => {
  const gpu = await sharedGpu();
  const all = (...inputs: tf.Tensor[]): tf.Tensor[] => tf.tidy(() => [step(...inputs)].flat());
  const [onWasm, onGpu] = [compile(all), compilerFor(gpu)(all)];
  const inputs = make();
  const wanted = onWasm.read(...inputs).map((values) => Array.from(values, (x) => x + 0));
  const got = await onGpu.readLater(...inputs);
  expect(got.map((values) => Array.from(values, (x) => x + 0))).toEqual(wanted);
  for (const one of [onWasm, onGpu, ...inputs]) one.dispose();
});

it.skipIf(hasNone)('rows that are chosen aren’t written over before they are read', async () => {
  const rows = tf.variable(tf.reshape(tf.range(0, 64 * 64), [64, 64]));
  const wanted = rows.arraySync() as number[][];
  const others = tf.zeros([64, 64]);
  const step = compilerFor(await sharedGpu())((condition: tf.Tensor) => {
    const [chosen] = run('Select', { condition, t: rows, e: others });
    rows.assign(chosen);
  });
  await step.readLater(tf.cast(tf.ones([64]), 'bool'));
  await step.sync();
  // tfjs repeats the element of the condition's number
  const given = await rows.array();
  expect(given).toEqual(wanted.map((_, row) => Array.from({ length: 64 }, () => row)));
});
