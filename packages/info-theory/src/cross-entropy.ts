import { checkPair } from './check-pair.js';
import { inUnit } from './in-unit.js';
import type { UnitOptions } from './unit-options.js';

/**
 * The mean surprise of someone who expects `q` while `p` holds: `H(p, q) = -Σ p ln q = H(p) + D(p‖q)`.
 * Infinity where something happens that `q` rules out (q = 0 < p). A language model's loss is its estimate.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", theorem 5.4.3: the length of a code that was
 * made for the wrong distribution.
 *
 * @param p - `[n]` probabilities of what happens
 * @param q - `[n]` probabilities that are predicted
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function crossEntropy(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('crossEntropy', p, q);
  let nats = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) nats -= p[i] * Math.log(q[i]);
  }
  return inUnit('crossEntropy', nats, options);
}
