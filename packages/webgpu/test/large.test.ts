// Kernels of which the table of wasm's cases has small sizes alone: more than a group has, parts, and NaN among numbers.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { onBoth } from './on-both.js';
import { hasNone, sharedGpu } from './on-gpu.js';

const offOf = async (
  step: (...inputs: tf.Tensor[]) => tf.Tensor[],
  feeds: readonly (readonly number[] | Int32Array)[],
  shapes: readonly (readonly number[])[] = [],
): Promise<number> => (await onBoth(step, { feeds, shapes })).off;

it.skipIf(hasNone)('sums and products of what comes before, of long lines', async () => {
  const off = await offOf(
    (x) => [
      tf.cumsum(x, 1),
      tf.cumsum(x, 1, true, true),
      tf.cumprod(tf.add(tf.mul(x, 0.01), 1), 0),
    ],
    [[3, 600]],
  );
  expect(off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('the largest, smallest and their places, of long rows', async () => {
  const off = await offOf(
    (x) => {
      const { values, indices } = tf.topk(x, 5);
      return [tf.argMax(x, 1), tf.argMin(x, 1), values, indices];
    },
    [[2, 700]],
  );
  expect(off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('whole numbers in parts, and by columns', async () => {
  const off = await offOf(
    (x, y) => [tf.sum(x), tf.min(x), tf.max(y, 0), tf.prod(tf.cast(tf.greater(y, 0), 'int32'), 0)],
    [
      Int32Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 1009),
      Int32Array.from({ length: 800 }, (_, i) => ((i * 31) % 97) - 5),
    ],
    [[20_000], [40, 20]],
  );
  expect(off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('the sum of more tensors than a kernel has buffers', async () => {
  const off = await offOf(
    (...all) => [tf.addN(all)],
    Array.from({ length: 9 }, () => [3, 5]),
  );
  expect(off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('such a sum for a variable that is the last of them', async () => {
  const gpu = await sharedGpu();
  const v = tf.variable(tf.tensor([1, 2]));
  const step = compilerFor(gpu)((x: tf.Tensor) => {
    v.assign(tf.addN([...Array.from({ length: 8 }, (_, i) => tf.slice(x, [i], [2])), v]));
    return tf.clone(x);
  });
  await step.readLater(tf.range(0, 9));
  await step.sync();
  expect(Array.from(v.dataSync())).toEqual([29, 38]);
  step.dispose();
});

it.skipIf(hasNone)(
  'windows of which some have NaN: it gives way to numbers, and has its gradient',
  async () => {
    const off = await offOf(
      (x, zeros, dy) => {
        const bad = tf.div(x, tf.cast(zeros, 'float32')) as tf.Tensor4D;
        const pool = (image: tf.Tensor): tf.Tensor =>
          tf.maxPool(image as tf.Tensor4D, 2, 1, 'valid');
        const odd = tf.sub(bad, bad); // NaN where there were infinities
        return [pool(odd), tf.grad(pool)(odd, dy), tf.avgPool(odd as tf.Tensor4D, 2, 1, 'same')];
      },
      [[1, 3, 4, 2], Int32Array.from({ length: 24 }, (_, i) => (i < 12 ? 0 : 1)), [1, 2, 3, 2]],
      [[1, 3, 4, 2]],
    );
    expect(off).toBeLessThan(1e-5);
  },
);

it.skipIf(hasNone)('a convolution of single places, and its gradients', async () => {
  const conv = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
  const off = await offOf(
    (x, filter, dy) => [conv(x, filter), ...tf.grads(conv)([x, filter], dy)],
    [
      [2, 3, 5, 4],
      [1, 1, 4, 3],
      [2, 3, 5, 3],
    ],
  );
  expect(off).toBeLessThan(1e-5);
});
