import { checkCounts } from './check-counts.js';
import { checkRectangular } from './check-rectangular.js';
import { checkTotal } from './check-total.js';
import { sum } from './sum.js';

/**
 * A table of counts of pairs as joint probabilities: each divided by the sum of all.
 *
 * @param counts - `[X, Y]` finite and not negative; they need not be whole
 * @returns `[X, Y]` rows in float64
 * @throws RangeError when the table isn't rectangular, a count isn't finite or is negative, or their sum isn't
 *   positive and finite
 */
export function jointDistribution(counts: ArrayLike<ArrayLike<number>>): Float64Array[] {
  checkRectangular('jointDistribution', counts);
  const rows = Array.from(counts);
  for (const [x, row] of rows.entries()) {
    checkCounts('jointDistribution', row, `counts of row ${x}`);
  }
  const total = sum(rows.map(sum));
  checkTotal('jointDistribution', total);
  return rows.map((row) => Float64Array.from(row, (count) => count / total));
}
