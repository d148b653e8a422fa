import { checkDistribution } from './check-distribution.js';
import { checkRectangular } from './check-rectangular.js';
import { columnSums } from './column-sums.js';
import { divergenceTerm } from './divergence-term.js';
import { inUnit } from './in-unit.js';
import { sum } from './sum.js';
import type { UnitOptions } from './unit-options.js';

/**
 * What X and Y tell about each other once Z is known: `I(X; Y|Z) = Σ p(z) I(X; Y|Z = z)`, from 0 (independent given
 * Z) to the smaller of `H(X|Z)` and `H(Y|Z)`. It can be smaller or larger than `I(X; Y)`.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", section 2.5.
 *
 * @param tables - `[Z, X, Y]` probabilities `p(z, x, y)`: a table of X and Y for each z, all together summing to 1
 * @throws RangeError when the tables aren't rectangular and of one size, aren't a joint distribution together (sum
 *   within 1e-6 of 1) or the unit is unknown
 */
export function conditionalMutualInformation(
  tables: ArrayLike<ArrayLike<ArrayLike<number>>>,
  options: UnitOptions = {},
): number {
  const where = 'conditionalMutualInformation';
  if (!(tables.length > 0)) throw new RangeError(`${where}: there must be a table; got none`);
  const cells: number[] = [];
  for (let z = 0; z < tables.length; z++) {
    const table = tables[z];
    checkRectangular(where, table);
    if (table.length !== tables[0].length || table[0].length !== tables[0][0].length) {
      throw new RangeError(
        `${where}: tables must have the same size, ${tables[0].length} x ${tables[0][0].length}; got ${table.length} x ${table[0].length} at table ${z}`,
      );
    }
    for (let x = 0; x < table.length; x++) cells.push(...Array.from(table[x]));
  }
  checkDistribution(where, cells);
  let nats = 0;
  for (let z = 0; z < tables.length; z++) nats += informationWithin(tables[z]);
  return inUnit(where, Math.max(nats, 0), options);
}

/** `Σ p(x) D(p(y|x)‖p(y))` over a table that sums to `p(z)`, which weights the result. */
function informationWithin(table: ArrayLike<ArrayLike<number>>): number {
  const py = columnSums(table);
  const pz = sum(py);
  if (pz === 0) return 0;
  let nats = 0;
  for (let x = 0; x < table.length; x++) {
    const px = sum(table[x]);
    if (px === 0) continue;
    for (let y = 0; y < py.length; y++) nats += px * divergenceTerm(table[x][y] / px, py[y] / pz);
  }
  return nats;
}
