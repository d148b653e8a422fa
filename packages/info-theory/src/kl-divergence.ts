import { checkPair } from './check-pair.js';
import { divergenceTerm } from './divergence-term.js';
import { inUnit } from './in-unit.js';
import type { UnitOptions } from './unit-options.js';

/**
 * What it costs to expect `q` while `p` holds: `D(p‖q) = Σ p ln(p/q)`, at least 0, and 0 where they are equal.
 * Infinity where q = 0 < p. Not symmetric.
 *
 * Sums that are off by up to 1e-6 are made up for (see `divergenceTerm`), so small divergences between float32
 * distributions come out right, and `crossEntropy(p, q) - entropy(p)` differs by as much as the two sums do.
 *
 * Source: Kullback and Leibler (1951), "On Information and Sufficiency".
 *
 * @param p - `[n]` probabilities of what happens
 * @param q - `[n]` probabilities that are predicted
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function klDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('klDivergence', p, q);
  let nats = 0;
  for (let i = 0; i < p.length; i++) nats += divergenceTerm(p[i], q[i]);
  // A summand of two neighbouring numbers can round to -1e-32, and a square root of the result would be NaN.
  return inUnit('klDivergence', Math.max(nats, 0), options);
}
