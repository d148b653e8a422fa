import { checkDistribution, checkJoint, checkRectangular } from '../checks.js';
import { columnSums, divergenceTerm, entropyOf, logRatio, sum } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';

/**
 * The mean information of a pair of outcomes: `H(X, Y) = -Σ p(x, y) ln p(x, y)`.
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

/**
 * The uncertainty about Y that remains once X is known: `H(Y|X) = Σ p(x, y) ln(p(x) / p(x, y))`, from 0 (X determines
 * Y) to `H(Y)` (independent). For `H(X|Y)` pass the transposed table.
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
  // Not H(X, Y) - H(X): no term here is negative, so nothing cancels.
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

/**
 * The information that X and Y share: `I(X; Y) = Σ p(x) D(p(y|x)‖p(y)) = H(X) + H(Y) - H(X, Y)`, from 0
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
  // By p(y|x), not the product p(x) p(y), which underflows; not by a difference of entropies, which cancels.
  let nats = 0;
  for (let x = 0; x < table.length; x++) {
    const px = sum(table[x]);
    if (px === 0) continue;
    for (let y = 0; y < py.length; y++) nats += px * divergenceTerm(table[x][y] / px, py[y]);
  }
  // As in klDivergence: independent variables can round to -1e-32.
  return inUnit('mutualInformation', Math.max(nats, 0), options);
}

/**
 * The information that X and Y share once Z is known: `I(X; Y|Z) = Σ p(z) I(X; Y|Z = z)`, from 0 (independent given
 * Z) to the smaller of `H(X|Z)` and `H(Y|Z)`. It can be smaller or larger than `I(X; Y)`.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", section 2.5.
 *
 * @param tables - `[Z, X, Y]` probabilities `p(z, x, y)`: a table of X and Y for each z, summing to 1 in all
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
    for (let x = 0; x < table.length; x++) {
      for (let y = 0; y < table[x].length; y++) cells.push(table[x][y]);
    }
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
