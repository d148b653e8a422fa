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
