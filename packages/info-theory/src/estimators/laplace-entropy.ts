import { entropyOf } from '../entropy-of.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkWholeCounts } from './check-whole-counts.js';

export interface LaplaceOptions extends UnitOptions {
  /** What is added to each count: 1 (Laplace) unless given; 1/2 is Jeffreys' prior. Positive and finite. */
  readonly pseudocount?: number;
}

/**
 * The entropy of the frequencies `(n_i + a) / (N + a n)`, as if each symbol had been seen `a` times before: the mean of
 * the posterior under a symmetric Dirichlet prior, put into the formula. Too large where most symbols never occur.
 *
 * Source: Laplace's rule of succession (1774); Hausser and Strimmer (2009), "Entropy Inference and the James–Stein
 * Estimator", section 2.3, which compares such priors.
 *
 * @param counts - `[n]` how often each symbol was drawn, those that weren't included
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0, the pseudocount isn't positive and
 *   finite or the unit is unknown
 */
export function laplaceEntropy(counts: ArrayLike<number>, options: LaplaceOptions = {}): number {
  const total = checkWholeCounts('laplaceEntropy', counts);
  const { pseudocount = 1 } = options;
  if (!(pseudocount > 0 && pseudocount < Infinity)) {
    throw new RangeError(
      `laplaceEntropy: pseudocount must be positive and finite; got ${pseudocount}`,
    );
  }
  const whole = total + pseudocount * counts.length;
  const p = Float64Array.from(counts, (count) => (count + pseudocount) / whole);
  return inUnit('laplaceEntropy', entropyOf(p), options);
}
