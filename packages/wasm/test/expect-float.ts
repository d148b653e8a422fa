import { expect } from 'vitest';

/** One step between neighbouring float32 values is at most this fraction of them. */
export const ULP = 2 ** -23;

/** How far a value may be off: steps of float32 at the value, or an absolute distance. */
export type FloatTolerance = number | { readonly absolute: number };

/** Equal within a tolerance; infinities, NaN and exact values as they are. */
export function expectFloat(
  actual: number,
  exact: number,
  allowed: FloatTolerance,
  what: string,
): void {
  const expected = Math.fround(exact);
  if (Object.is(expected, actual) || expected === actual) return;
  const tolerance =
    typeof allowed === 'number'
      ? Math.max(Math.abs(expected) * ULP, 2 ** -149) * allowed
      : allowed.absolute;
  expect(Math.abs(actual - expected), `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(
    tolerance,
  );
}
