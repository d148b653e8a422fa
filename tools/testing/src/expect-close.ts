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
