import { checkJoint } from './check-joint.js';
import { inUnit } from './in-unit.js';
import { logRatio } from './log-ratio.js';
import { sum } from './sum.js';
import type { UnitOptions } from './unit-options.js';

/**
 * What Y still tells once X is known: `H(Y|X) = Σ p(x, y) ln(p(x) / p(x, y))`, from 0 (X decides Y) to `H(Y)`
 * (independent). For `H(X|Y)` hand in the transposed table.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 6.
 *
 * @param table - `[X, Y]` probabilities `p(x, y)`: a row for each x, a column for each y
 * @throws RangeError when the table isn't a joint distribution (sum within 1e-6 of 1) or the unit is unknown
 */
export function conditionalEntropy(
  table: ArrayLike<ArrayLike<number>>,
  options: UnitOptions = {},
): number {
  checkJoint('conditionalEntropy', table);
  // Not H(X, Y) - H(X): no summand here is negative, so nothing cancels.
  let nats = 0;
  for (let x = 0; x < table.length; x++) {
    const row = table[x];
    const px = sum(row);
    for (let y = 0; y < row.length; y++) {
      if (row[y] > 0) nats += row[y] * logRatio(px, row[y]);
    }
  }
  return inUnit('conditionalEntropy', nats, options);
}
