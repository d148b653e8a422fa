import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expectNoLeak } from '@tools/testing';
import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { rank3 } from './ranks.js';
import { values } from './values.js';

/** Gradients through both kernels: an embedding look-up and a convolution. */
function step(): void {
  tf.tidy(() => {
    const table = tf.tensor2d(values(27 * 8), [27, 8]);
    const filter = tf.tensor3d(values(2 * 8 * 16), [2, 8, 16]);
    const tokens = tf.tensor2d([0, 1, 2, 3, 26, 5, 6, 7], [2, 4], 'int32');
    const loss = (table: tf.Tensor, filter: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv1d(rank3(tf.gather(table, tokens)), rank3(filter), 1, 'same')));
    tf.grads(loss)([table, filter]);
  });
}

function heapBytes(): number {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new TypeError('the wasm backend must be current');
  return tf.tidy(() => backend.typedArrayFromHeap(tf.scalar(0)).buffer.byteLength);
}

beforeAll(async () => {
  await startBackend();
});

it('leaks no tensors', async () => {
  await expectNoLeak(step);
});

it('works again after a tidy has ended', () => {
  step();
  expect(step).not.toThrow();
});

it('keeps the heap as it is over 1,000 calls', () => {
  for (let i = 0; i < 10; i++) step();
  const before = heapBytes();
  for (let i = 0; i < 1000; i++) step();
  expect(heapBytes()).toBe(before);
});

it('takes its views after the heap has grown', () => {
  // Each output is larger than what was allocated before it, up to 64 MiB, so some allocation grows the heap.
  const before = heapBytes();
  for (let rows = 2 ** 12; rows <= 2 ** 20; rows *= 4) {
    tf.tidy(() => {
      const x = tf.tensor2d([[1, 2]]);
      const out = tf.unsortedSegmentSum(tf.tile(x, [1, 8]), tf.tensor1d([rows - 1], 'int32'), rows);
      expect([...tf.slice(out, [rows - 1, 0], [1, 3]).dataSync()]).toEqual([1, 2, 1]);
      expect(tf.sum(out).dataSync()[0]).toBe(24);
    });
  }
  expect(heapBytes()).toBeGreaterThan(before);
});
