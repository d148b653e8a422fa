import { checkSymbols } from './check-symbols.js';

/** The two samples and their alphabets. */
export interface PairedSamples {
  /** `[n]` whole numbers, 0 … rows - 1. */
  readonly x: ArrayLike<number>;
  /** `[n]` whole numbers, 0 … columns - 1. */
  readonly y: ArrayLike<number>;
  /** How many values `x` can have. */
  readonly rows: number;
  /** How many values `y` can have. */
  readonly columns: number;
}

/**
 * How often each pair occurs in two samples that belong together, `x[i]` with `y[i]`.
 *
 * @returns `[rows, columns]` counts, for `jointDistribution`
 * @throws RangeError when the samples differ in length, a size isn't a whole number from 1 on, or a symbol isn't below it
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
