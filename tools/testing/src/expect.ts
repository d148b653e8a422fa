import { memory } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** How far a value may be from the one expected. At least one bound is named, with its reason beside the call. */
export type Tolerance =
  | { readonly absolute: number; readonly relative?: number }
  | { readonly absolute?: number; readonly relative: number };

/**
 * Asserts `|actual - expected| <= absolute + relative * |expected|` for each element.
 * NaN equals only NaN, and an infinity equals only itself.
 */
export function expectClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  tolerance: Tolerance,
): void {
  const left = typeof actual === 'number' ? [actual] : Array.from(actual);
  const right = typeof expected === 'number' ? [expected] : Array.from(expected);
  expect(left.length, 'number of elements').toBe(right.length);
  const { absolute = 0, relative = 0 } = tolerance;
  for (let i = 0; i < left.length; i++) {
    const a = left[i];
    const e = right[i];
    if (Object.is(a, e) || a === e) continue;
    const distance = Math.abs(a - e);
    const allowed = absolute + relative * Math.abs(e);
    if (!Number.isFinite(e) || !(distance <= allowed)) {
      expect.fail(
        `element ${i}: expected ${e}, got ${a}; distance ${distance}, allowed ${allowed}`,
      );
    }
  }
}

/** Asserts that `work` leaves as many tensors and data buffers alive as it found, however often it is repeated. */
export async function expectNoLeak(work: () => unknown, repeat = 3): Promise<void> {
  await work(); // first use may fill caches
  const before = memory();
  for (let i = 0; i < repeat; i++) await work();
  const after = memory();
  expect(after.numTensors, 'tensors alive').toBe(before.numTensors);
  expect(after.numDataBuffers, 'data buffers alive').toBe(before.numDataBuffers);
}

/**
 * Gradient of a scalar function by central differences, `(f(x + h) - f(x - h)) / 2h` for each coordinate.
 *
 * @param f - reads `x`, returns one number; called `2 n` times
 * @param x - the point, float32; put back as it was
 * @param h - the step; 1e-2 suits float32 arithmetic, whose rounding a smaller step would amplify
 */
export function numericGradient(
  f: (x: Float32Array) => number,
  x: Float32Array,
  h = 1e-2,
): number[] {
  return Array.from(x, (value, i) => {
    x[i] = value + h;
    const upper = x[i];
    const above = f(x);
    x[i] = value - h;
    const lower = x[i];
    const below = f(x);
    x[i] = value;
    return (above - below) / (upper - lower);
  });
}
