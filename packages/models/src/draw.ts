/**
 * The index whose share of [0, 1) holds `u`: the inverse of the cumulative distribution.
 *
 * @param probabilities - add up to 1 within rounding
 * @param u - in [0, 1)
 */
export function draw(probabilities: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] === 0) continue;
    cumulative += probabilities[i];
    if (u < cumulative) return i;
    last = i;
  }
  return last; // rounding left the sum just below u
}
