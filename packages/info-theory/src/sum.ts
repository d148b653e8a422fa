/**
 * The sum of the values, added from first to last. Not compensated: for `n` values that aren't
 * negative the error is at most n · 1.1e-16 of the sum, and in practice far less.
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
