/**
 * @param what - the subject of the message
 * @throws RangeError unless the value is a whole number from `least` on
 */
export function checkSize(where: string, value: number, what = 'size', least = 1): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new RangeError(
      `${where}: ${what} must be a whole number from ${least} on; got ${String(value)}`,
    );
  }
}

/** @throws RangeError unless the rate is a probability */
export function checkRate(where: string, rate: number, what: string): void {
  if (!isProbability(rate)) {
    throw new RangeError(`${where}: ${what} must lie in [0, 1]; got ${rate}`);
  }
}

/** Whether a value is a number from 0 to 1; false for NaN. */
export function isProbability(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= 1;
}

/**
 * Whether a sum of probabilities is 1 within 1e-6. The tolerance is for float32: each value is rounded by 6e-8 of
 * itself, and all of them by the error of their common divisor. Measured for a softmax whose divisor is summed one by
 * one in float32, worst of 30: 1.3e-7 for 27 classes, 9e-7 for 1,000, 4e-6 for 10,000.
 */
function sumsToOne(sum: number): boolean {
  return Math.abs(sum - 1) <= 1e-6;
}

/**
 * @param p - `[n]`
 * @param what - the subject of the message; names the argument where there are two
 * @throws RangeError unless `p` has values, each is a probability, and they sum to 1 within 1e-6
 */
export function checkDistribution(
  where: string,
  p: ArrayLike<number>,
  what = 'probabilities',
): void {
  if (!(p.length > 0)) throw new RangeError(`${where}: ${what} must not be empty; got none`);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (!isProbability(p[i])) {
      const remedy = p[i] > 1 ? '; normalise counts with distribution()' : '';
      throw new RangeError(
        `${where}: ${what} must lie in [0, 1]; got ${p[i]} at index ${i}${remedy}`,
      );
    }
    sum += p[i];
  }
  if (!sumsToOne(sum)) {
    throw new RangeError(
      `${where}: ${what} must sum to 1 (within 1e-6); got ${sum}; normalise counts with distribution()`,
    );
  }
}

/** @throws RangeError unless `p` and `q` are distributions of the same length */
export function checkPair(where: string, p: ArrayLike<number>, q: ArrayLike<number>): void {
  checkDistribution(where, p, 'probabilities of p');
  checkDistribution(where, q, 'probabilities of q');
  if (p.length !== q.length) {
    throw new RangeError(
      `${where}: p and q must have the same length; got ${p.length} and ${q.length}`,
    );
  }
}

/** @throws RangeError unless the table has rows and columns, and all rows have the same length */
export function checkRectangular(where: string, table: ArrayLike<ArrayLike<number>>): void {
  if (!(table.length > 0 && table[0].length > 0)) {
    throw new RangeError(`${where}: the table must have a row and a column; got none`);
  }
  const columns = table[0].length;
  for (let x = 1; x < table.length; x++) {
    if (table[x].length !== columns) {
      throw new RangeError(
        `${where}: rows must have the same length, ${columns}; got ${table[x].length} at row ${x}`,
      );
    }
  }
}

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
        const remedy = row[y] > 1 ? '; normalise counts with jointDistribution()' : '';
        throw new RangeError(
          `${where}: probabilities must lie in [0, 1]; got ${row[y]} at row ${x}, column ${y}${remedy}`,
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

/**
 * @param what - the subject of the message
 * @throws RangeError unless each count is finite and not negative
 */
export function checkCounts(where: string, counts: ArrayLike<number>, what = 'counts'): void {
  for (let i = 0; i < counts.length; i++) {
    if (!Number.isFinite(counts[i]) || counts[i] < 0) {
      throw new RangeError(
        `${where}: ${what} must be finite and not negative; got ${counts[i]} at index ${i}`,
      );
    }
  }
}

/** @throws RangeError unless the counts are whole numbers from 0 on with a positive sum, which is returned */
export function checkWholeCounts(where: string, counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!(Number.isSafeInteger(counts[i]) && counts[i] >= 0)) {
      throw new RangeError(
        `${where}: counts must be whole numbers from 0 on; got ${String(counts[i])} at index ${i}`,
      );
    }
    total += counts[i];
  }
  checkTotal(where, total);
  return total;
}

/** @throws RangeError unless a sum of counts is positive and finite, so that one can divide by it */
export function checkTotal(where: string, total: number): void {
  if (!(total > 0 && total < Infinity)) {
    throw new RangeError(`${where}: counts must have a positive, finite sum; got ${total}`);
  }
}

/** @throws RangeError unless `size` is a whole number from 1 on and each symbol a whole number below it */
export function checkSymbols(where: string, symbols: ArrayLike<number>, size: number): void {
  checkSize(where, size);
  for (let i = 0; i < symbols.length; i++) checkSymbol(where, symbols[i], size);
}

/** @throws RangeError unless the symbol is a whole number, 0 … size - 1 */
export function checkSymbol(where: string, symbol: number, size: number): void {
  if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < size)) {
    throw new RangeError(
      `${where}: a symbol must be a whole number, 0 … ${size - 1}; got ${String(symbol)}`,
    );
  }
}
