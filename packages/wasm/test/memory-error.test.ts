// tfjs would take the address 0 and write there.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compile, MemoryError, startBackend } from '../src/index.js';
import { empty, fill } from './empty-tensors.js';

beforeAll(async () => {
  await startBackend();
});

it('refuses a tensor that has no room, and works on once there is some', () => {
  const held: tf.Tensor[] = [];
  expect(() => fill(held)).toThrow(MemoryError);
  expect(() => empty(1024)).toThrow(/^wasm: a tensor must fit .* got one of 1,024 MiB /);
  const tile = compile((x: tf.Tensor) => tf.tile(x, [2 ** 28]));
  expect(() => tile(tf.tensor1d([1]))).toThrow(MemoryError);
  expect(held.length).toBe(3);
  tf.dispose(held);
  expect([...tf.tidy(() => tf.add([1, 2], 1).dataSync())]).toEqual([2, 3]);
});

it('refuses a step whose memory is more than any, and works on', () => {
  const step = compile((x: tf.Tensor) => {
    const parts = Array.from({ length: 5 }, (_, i) => tf.tile(tf.add(x, i), [2 ** 28]));
    return tf.sum(tf.concat(parts)); // 10 GiB, which is 2 GiB modulo 4 GiB
  });
  for (let i = 0; i < 2; i++) {
    expect(() => step(tf.tensor1d([1]))).toThrow('of at most 4 GiB; got one of 10,241 MiB');
    expect([...tf.tidy(() => tf.add([1, 2], 1).dataSync())]).toEqual([2, 3]);
  }
  step.dispose();
});
