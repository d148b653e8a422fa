import { isProbability } from './is-probability.js';
import { sumsToOne } from './sums-to-one.js';

/**
 * @param p - `[n]`
 * @param what - the subject of the message; names the argument where there are two
 * @throws RangeError unless `p` has values, each is a probability, and they sum to 1 within 1e-6
 */
export function checkDistribution(
  where: string,
  p: ArrayLike<number>,
  what = 'probabilities',
): void {
  if (!(p.length > 0)) throw new RangeError(`${where}: ${what} must not be empty; got none`);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (!isProbability(p[i])) {
      const mend = p[i] > 1 ? '; normalise counts with distribution()' : '';
      throw new RangeError(
        `${where}: ${what} must lie in [0, 1]; got ${p[i]} at index ${i}${mend}`,
      );
    }
    sum += p[i];
  }
  if (!sumsToOne(sum)) {
    throw new RangeError(
      `${where}: ${what} must sum to 1 (within 1e-6); got ${sum}; normalise counts with distribution()`,
    );
  }
}
