import { checkRectangular } from './check-rectangular.js';
import { isProbability } from './is-probability.js';
import { sumsToOne } from './sums-to-one.js';

/**
 * @param table - `[X, Y]`
 * @throws RangeError unless the table is rectangular, each cell is a probability, and they sum to 1 within 1e-6
 */
export function checkJoint(where: string, table: ArrayLike<ArrayLike<number>>): void {
  checkRectangular(where, table);
  let sum = 0;
  for (let x = 0; x < table.length; x++) {
    const row = table[x];
    for (let y = 0; y < row.length; y++) {
      if (!isProbability(row[y])) {
        const mend = row[y] > 1 ? '; normalise counts with jointDistribution()' : '';
        throw new RangeError(
          `${where}: probabilities must lie in [0, 1]; got ${row[y]} at row ${x}, column ${y}${mend}`,
        );
      }
      sum += row[y];
    }
  }
  if (!sumsToOne(sum)) {
    throw new RangeError(
      `${where}: probabilities must sum to 1 (within 1e-6); got ${sum}; normalise counts with jointDistribution()`,
    );
  }
}
