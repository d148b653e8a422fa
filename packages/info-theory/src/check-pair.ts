import { checkDistribution } from './check-distribution.js';

/** @throws RangeError unless `p` and `q` are distributions of the same length */
export function checkPair(where: string, p: ArrayLike<number>, q: ArrayLike<number>): void {
  checkDistribution(where, p, 'probabilities of p');
  checkDistribution(where, q, 'probabilities of q');
  if (p.length !== q.length) {
    throw new RangeError(
      `${where}: p and q must have the same length; got ${p.length} and ${q.length}`,
    );
  }
}
