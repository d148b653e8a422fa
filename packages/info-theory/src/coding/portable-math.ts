/** ln 2 in two parts: the first ends in zeros, so that its product with a whole number up to 2^11 is exact. */
const LN2_HIGH = 0.693_147_180_369_123_8;
const LN2_LOW = 1.908_214_929_270_587_7e-10;

/** 1 / (2 k + 1), k = 0 … 11. */
const LOG_COEFFICIENTS = Float64Array.from({ length: 12 }, (_, k) => 1 / (2 * k + 1));

/**
 * `ln x` of a positive, finite number by sums, products and quotients of doubles alone: the same bits in every engine,
 * which ECMAScript doesn't promise for `Math.log`. Within 1e-15 of the truth, absolute and relative.
 *
 * `x = m 2^e` with m between √½ and √2, then `ln m = 2 (s + s³/3 + s⁵/5 + …)` with `s = (m - 1) / (m + 1)`.
 */
export function portableLog(x: number): number {
  let m = x;
  let e = 0;
  // Powers of two: exact, and few steps for usual probabilities.
  for (; m > Math.SQRT2; e++) m /= 2;
  for (; m < Math.SQRT1_2; e--) m *= 2;
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series = 0;
  for (let k = LOG_COEFFICIENTS.length - 1; k >= 0; k--)
    series = series * square + LOG_COEFFICIENTS[k];
  return e * LN2_HIGH + (e * LN2_LOW + 2 * s * series);
}

/** 1 / n!, n = 0 … 14: factorials up to 18! are exact, so each coefficient is rounded once. */
const EXP_COEFFICIENTS = Float64Array.from({ length: 15 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return 1 / factorial;
});

/**
 * `e^x` for x from -700 to 700 by sums, products and quotients of doubles alone: the same bits in every engine, which
 * ECMAScript doesn't promise for `Math.exp`. Within 1e-15 of the truth, relative.
 *
 * `x = k ln 2 + r` with |r| at most (ln 2) / 2, then the series of `e^r` times `2^k`.
 */
export function portableExp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = 0;
  for (let n = EXP_COEFFICIENTS.length - 1; n >= 0; n--) series = series * r + EXP_COEFFICIENTS[n];
  const factor = k < 0 ? 0.5 : 2;
  // By squaring an exact power: exact unless something becomes subnormal.
  let power = factor;
  for (let n = Math.abs(k) | 0; n > 0; n >>= 1) {
    if (n & 1) series *= power;
    power *= power;
  }
  return series;
}
