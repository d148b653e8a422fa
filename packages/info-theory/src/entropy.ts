import { checkDistribution } from './check-distribution.js';
import { entropyOf } from './entropy-of.js';
import { inUnit } from './in-unit.js';
import type { UnitOptions } from './unit-options.js';

/**
 * The mean information in one outcome: `H(X) = -Σ p(x) ln p(x)`, from 0 (certain) to `ln n` (uniform).
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 6.
 *
 * @param p - `[n]` probabilities
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1) or the unit is unknown
 */
export function entropy(p: ArrayLike<number>, options: UnitOptions = {}): number {
  checkDistribution('entropy', p);
  return inUnit('entropy', entropyOf(p), options);
}
