import { checkPair } from './check-pair.js';
import { inUnit } from './in-unit.js';
import { jensenShannonOf } from './jensen-shannon-of.js';
import type { UnitOptions } from './unit-options.js';

/**
 * How far two distributions are from their mean `m = (p + q) / 2`: `(D(p‖m) + D(q‖m)) / 2`, from 0 (equal) to
 * `ln 2` (nothing in common). Finite, and the same to the last bit when `p` and `q` are swapped.
 *
 * Source: Lin (1991), "Divergence Measures Based on the Shannon Entropy".
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function jensenShannonDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('jensenShannonDivergence', p, q);
  return inUnit('jensenShannonDivergence', jensenShannonOf(p, q), options);
}
