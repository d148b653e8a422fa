import { checkDistribution } from './check-distribution.js';
import { entropyOf } from './entropy-of.js';

/**
 * The share of a source's symbols that a better code would save: `1 - H(X) / ln n`, from 0 (all `n` symbols equally
 * likely) to 1 (certain). Shannon put that of English at one half.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 7.
 *
 * @param p - `[n]` probabilities, those of symbols that don't occur included
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1) or has a single symbol
 */
export function redundancy(p: ArrayLike<number>): number {
  checkDistribution('redundancy', p);
  if (p.length === 1) {
    throw new RangeError(
      'redundancy: there must be two symbols or more, as one alone carries nothing; got 1',
    );
  }
  return Math.min(Math.max(1 - entropyOf(p) / Math.log(p.length), 0), 1);
}
