import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkWholeCounts } from './check-whole-counts.js';
import { digamma } from './digamma.js';

/**
 * `ln N - Σ n_i G(n_i) / N`, where `G(n) = ψ(n) + (-1)^n (ψ((n + 1) / 2) - ψ(n / 2)) / 2` takes the place of `ln n`: of
 * the estimators here the least biased for small counts. It can exceed `ln n`.
 *
 * Source: Grassberger (2003), "Entropy Estimates from Insufficient Samplings", equations 28 to 35.
 *
 * @param counts - `[n]` how often each symbol was drawn; symbols that don't occur change nothing
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function grassbergerEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('grassbergerEntropy', counts);
  let weighted = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0) weighted += (counts[i] / total) * grassbergerG(counts[i]);
  }
  return inUnit('grassbergerEntropy', Math.log(total) - weighted, options);
}

/** `G(1) = -γ - ln 2`; from there `G(2n) = G(2n + 1) = ψ(n + 1/2) + ln 2`, which saves the difference of ψs. */
function grassbergerG(n: number): number {
  return n === 1 ? digamma(1) - Math.LN2 : digamma(Math.floor(n / 2) + 0.5) + Math.LN2;
}
