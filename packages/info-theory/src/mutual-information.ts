import { checkJoint } from './check-joint.js';
import { columnSums } from './column-sums.js';
import { divergenceTerm } from './divergence-term.js';
import { inUnit } from './in-unit.js';
import { sum } from './sum.js';
import type { UnitOptions } from './unit-options.js';

/**
 * What X and Y tell about each other: `I(X; Y) = Σ p(x) D(p(y|x)‖p(y)) = H(X) + H(Y) - H(X, Y)`, from 0
 * (independent) to the smaller of `H(X)` and `H(Y)`.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 12, where it is the rate of a
 * channel; Cover and Thomas (2006), "Elements of Information Theory", section 2.3.
 *
 * @param table - `[X, Y]` probabilities `p(x, y)`
 * @throws RangeError when the table isn't a joint distribution (sum within 1e-6 of 1) or the unit is unknown
 */
export function mutualInformation(
  table: ArrayLike<ArrayLike<number>>,
  options: UnitOptions = {},
): number {
  checkJoint('mutualInformation', table);
  const py = columnSums(table);
  // Over p(y|x), not the product p(x) p(y): that one underflows. No difference of entropies: that one cancels.
  let nats = 0;
  for (let x = 0; x < table.length; x++) {
    const px = sum(table[x]);
    if (px === 0) continue;
    for (let y = 0; y < py.length; y++) nats += px * divergenceTerm(table[x][y] / px, py[y]);
  }
  // As in klDivergence: independent variables can round to -1e-32.
  return inUnit('mutualInformation', Math.max(nats, 0), options);
}
