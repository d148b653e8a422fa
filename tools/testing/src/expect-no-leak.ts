import { memory } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Asserts that `work` leaves as many tensors and data buffers alive as it found, however often it is repeated. */
export async function expectNoLeak(work: () => unknown, repeat = 3): Promise<void> {
  await work(); // first use may fill caches
  const before = memory();
  for (let i = 0; i < repeat; i++) await work();
  const after = memory();
  expect(after.numTensors, 'tensors alive').toBe(before.numTensors);
  expect(after.numDataBuffers, 'data buffers alive').toBe(before.numDataBuffers);
}
