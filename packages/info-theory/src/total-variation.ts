import { checkPair } from './check-pair.js';

/**
 * The largest difference between the probabilities that `p` and `q` give to the same event: `Σ |p - q| / 2`, from 0
 * (equal) to 1 (nothing in common). A metric; by Pinsker's inequality `D(p‖q)` is at least twice its square, in nats.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", section 11.6.
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1) or their lengths differ
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkPair('totalVariation', p, q);
  let distance = 0;
  for (let i = 0; i < p.length; i++) distance += Math.abs(p[i] - q[i]);
  return Math.min(distance / 2, 1);
}
