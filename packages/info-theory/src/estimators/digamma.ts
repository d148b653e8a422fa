/** B_2k / 2k for k = 1 … 7: the coefficients of the series at infinity. */
const COEFFICIENTS = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];

/**
 * `ψ(x)`, the derivative of `ln Γ(x)`, for positive x: by `ψ(x) = ψ(x + 1) - 1/x` up to 10, then by the series
 * `ln x - 1/2x - Σ B_2k / (2k x^2k)`, whose next term is below 1e-16 there.
 *
 * Source: Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 6.3.5 and 6.3.18.
 */
export function digamma(x: number): number {
  let shifted = x;
  let below = 0;
  for (; shifted < 10; shifted++) below += 1 / shifted;
  const inverseSquare = 1 / (shifted * shifted);
  let series = 0;
  for (let k = COEFFICIENTS.length - 1; k >= 0; k--) {
    series = (series + COEFFICIENTS[k]) * inverseSquare;
  }
  return Math.log(shifted) - 1 / (2 * shifted) - series - below;
}
