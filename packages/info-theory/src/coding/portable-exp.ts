import { LN2_HIGH, LN2_LOW } from './portable-log.js';

const TERMS = 14;

/**
 * `e^x` for x from -700 to 700 by sums, products and quotients of doubles alone: the same bits in each engine, which
 * ECMAScript doesn't promise for `Math.exp`. Within 1e-15 of the truth, relative.
 *
 * `x = k ln 2 + r` with |r| at most (ln 2) / 2, then the series of `e^r` times `2^k`.
 */
export function portableExp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 1;
  for (let n = TERMS; n >= 1; n--) series = 1 + (series * r) / n;
  const factor = k < 0 ? 0.5 : 2;
  // By squares of an exact power: exact as long as nothing becomes subnormal.
  let power = factor;
  for (let n = Math.abs(k); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) series *= power;
    power *= power;
  }
  return series;
}
