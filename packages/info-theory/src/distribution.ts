import { checkCounts } from './check-counts.js';
import { checkTotal } from './check-total.js';
import { sum } from './sum.js';

/**
 * Counts, or weights of any scale, as probabilities: each divided by their sum.
 *
 * @param counts - `[n]` finite and not negative; they need not be whole
 * @returns `[n]` float64
 * @throws RangeError when a count isn't finite or is negative, or their sum isn't positive and finite
 */
export function distribution(counts: ArrayLike<number>): Float64Array {
  checkCounts('distribution', counts);
  const total = sum(counts);
  checkTotal('distribution', total);
  return Float64Array.from(counts, (count) => count / total);
}
