import { entropyOf } from '../entropy-of.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkWholeCounts } from './check-whole-counts.js';

/**
 * The entropy of the observed frequencies `n_i / N`, the maximum-likelihood estimate. On average too small, by about
 * `(m - 1) / 2N` nats for `m` symbols: what a sample doesn't show seems impossible.
 *
 * Source: Basharin (1959), "On a Statistical Estimate for the Entropy of a Sequence of Independent Random Variables",
 * which gives that bias.
 *
 * @param counts - `[n]` how often each symbol was drawn
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function plugInEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  return inUnit(
    'plugInEntropy',
    plugInNats(counts, checkWholeCounts('plugInEntropy', counts)),
    options,
  );
}

/** The same in nats, of counts already checked and their sum. */
export function plugInNats(counts: ArrayLike<number>, total: number): number {
  return entropyOf(Float64Array.from(counts, (count) => count / total));
}
