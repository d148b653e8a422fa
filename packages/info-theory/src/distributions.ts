import { checkCounts, checkRectangular, checkSymbols, checkTotal } from './checks.js';
import { sum } from './sums.js';

/**
 * Counts how often each symbol occurs in a sample.
 *
 * @param symbols - whole numbers, 0 … size - 1
 * @param size - the number of symbols, including those that don't occur
 * @returns `[size]` counts, for `distribution` or an estimator
 * @throws RangeError when the size isn't a whole number from 1 on, or a symbol isn't below it
 */
export function tally(symbols: ArrayLike<number>, size: number): Uint32Array {
  checkSymbols('tally', symbols, size);
  const counts = new Uint32Array(size);
  for (let i = 0; i < symbols.length; i++) counts[symbols[i]]++;
  return counts;
}

/** The two samples and their alphabets. */
export interface PairedSamples {
  /** `[n]` whole numbers, 0 … rows - 1. */
  readonly x: ArrayLike<number>;
  /** `[n]` whole numbers, 0 … columns - 1. */
  readonly y: ArrayLike<number>;
  /** The number of values of `x`. */
  readonly rows: number;
  /** The number of values of `y`. */
  readonly columns: number;
}

/**
 * Counts how often each pair `x[i]`, `y[i]` of two samples occurs.
 *
 * @returns `[rows, columns]` counts, for `jointDistribution`
 * @throws RangeError when the samples differ in length, a size isn't a whole number from 1 on, or a symbol isn't below
 *   it
 */
export function tallyPairs({ x, y, rows, columns }: PairedSamples): Uint32Array[] {
  checkSymbols('tallyPairs', x, rows);
  checkSymbols('tallyPairs', y, columns);
  if (x.length !== y.length) {
    throw new RangeError(
      `tallyPairs: x and y must have the same length; got ${x.length} and ${y.length}`,
    );
  }
  const table = Array.from({ length: rows }, () => new Uint32Array(columns));
  for (let i = 0; i < x.length; i++) table[x[i]][y[i]]++;
  return table;
}

/**
 * Counts, or weights of any scale, as probabilities: each divided by their sum.
 *
 * @param counts - `[n]` finite and not negative; they need not be whole
 * @returns `[n]` float64
 * @throws RangeError when a count isn't finite or is negative, or their sum isn't positive and finite
 */
export function distribution(counts: ArrayLike<number>): Float64Array {
  checkCounts('distribution', counts);
  const total = sum(counts);
  checkTotal('distribution', total);
  return Float64Array.from(counts, (count) => count / total);
}

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
