import { checkPair } from './check-pair.js';
import { inUnit } from './in-unit.js';
import { jensenShannonOf } from './jensen-shannon-of.js';
import type { UnitOptions } from './unit-options.js';

/**
 * The square root of the Jensen–Shannon divergence: a metric, so the way over a third distribution is never
 * shorter. From 0 to 1 when the divergence is in bits, to `sqrt(ln 2)` when it is in nats.
 *
 * Source: Endres and Schindelin (2003), "A New Metric for Probability Distributions".
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @param options - the unit of the divergence under the root
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function jensenShannonDistance(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('jensenShannonDistance', p, q);
  return Math.sqrt(inUnit('jensenShannonDistance', jensenShannonOf(p, q), options));
}
