// tfjs would write beyond the end of the memory.
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { MemoryError, startBackend } from '../src/index.js';
import { empty, fill } from './empty-tensors.js';

it('refuses a tensor whose end overflows, and from then on all; what there is stays as it was', async () => {
  await startBackend();
  const kept = tf.tensor1d([1, 2, 3]);
  tf.dispose(empty(90)); // leaves a free end of the memory behind, which the allocator then miscounts
  const held: tf.Tensor[] = [];
  expect(() => fill(held)).toThrow(MemoryError);
  tf.dispose(held);
  expect(() => tf.zeros([4])).toThrow(MemoryError);
  expect([...kept.dataSync()]).toEqual([1, 2, 3]);
});
