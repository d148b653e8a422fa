/** ln 2 in two parts: the first has zeros at its end, so that a whole number of up to 2^11 times it is exact. */
export const LN2_HIGH = 0.693_147_180_369_123_8;
export const LN2_LOW = 1.908_214_929_270_587_7e-10;

/** 1 / (2 k + 1), k = 0 … 11. */
const COEFFICIENTS = Float64Array.from({ length: 12 }, (_, k) => 1 / (2 * k + 1));

/**
 * `ln x` of a positive, finite number by sums, products and quotients of doubles alone: the same bits in each engine,
 * which ECMAScript doesn't promise for `Math.log`. Within 1e-15 of the truth, absolute and relative.
 *
 * `x = m 2^e` with m between √½ and √2, then `ln m = 2 (s + s³/3 + s⁵/5 + …)` with `s = (m - 1) / (m + 1)`.
 */
export function portableLog(x: number): number {
  let m = x;
  let e = 0;
  // Powers of two: exact, and few steps for what probabilities are.
  for (; m > Math.SQRT2; e++) m /= 2;
  for (; m < Math.SQRT1_2; e--) m *= 2;
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series = 0;
  for (let k = COEFFICIENTS.length - 1; k >= 0; k--) series = series * square + COEFFICIENTS[k];
  return e * LN2_HIGH + (e * LN2_LOW + 2 * s * series);
}
