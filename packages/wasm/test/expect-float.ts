import { expect } from 'vitest';

/** One step between neighbouring float32 values is at most this share of them. */
const ULP = 2 ** -23;

/** Equal within `ulps` steps of float32; infinities, NaN and exact values as they are. */
export function expectFloat(actual: number, exact: number, ulps: number, what: string): void {
  const expected = Math.fround(exact);
  if (Object.is(expected, actual) || expected === actual) return;
  const tolerance = Math.max(Math.abs(expected) * ULP, 2 ** -149) * ulps;
  expect(Math.abs(actual - expected), `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(
    tolerance,
  );
}
