import { LN2_HIGH, LN2_LOW } from './portable-log.js';

/** 1 / n!, n = 0 … 14: a factorial up to 18! is exact, and so each is rounded once. */
const COEFFICIENTS = Float64Array.from({ length: 15 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return 1 / factorial;
});

/**
 * `e^x` for x from -700 to 700 by sums, products and quotients of doubles alone: the same bits in each engine, which
 * ECMAScript doesn't promise for `Math.exp`. Within 1e-15 of the truth, relative.
 *
 * `x = k ln 2 + r` with |r| at most (ln 2) / 2, then the series of `e^r` times `2^k`.
 */
export function portableExp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 0;
  for (let n = COEFFICIENTS.length - 1; n >= 0; n--) series = series * r + COEFFICIENTS[n];
  const factor = k < 0 ? 0.5 : 2;
  // By squares of an exact power: exact as long as nothing becomes subnormal.
  let power = factor;
  for (let n = Math.abs(k) | 0; n > 0; n >>= 1) {
    if (n & 1) series *= power;
    power *= power;
  }
  return series;
}
