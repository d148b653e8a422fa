import { checkJoint } from './check-joint.js';
import { entropyOf } from './entropy-of.js';
import { inUnit } from './in-unit.js';
import type { UnitOptions } from './unit-options.js';

/**
 * The mean information in a pair of outcomes: `H(X, Y) = -Σ p(x, y) ln p(x, y)`.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 6.
 *
 * @param table - `[X, Y]` probabilities `p(x, y)`
 * @throws RangeError when the table isn't a joint distribution (sum within 1e-6 of 1) or the unit is unknown
 */
export function jointEntropy(
  table: ArrayLike<ArrayLike<number>>,
  options: UnitOptions = {},
): number {
  checkJoint('jointEntropy', table);
  let nats = 0;
  for (let x = 0; x < table.length; x++) nats += entropyOf(table[x]);
  return inUnit('jointEntropy', nats, options);
}
