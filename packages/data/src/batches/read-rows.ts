import { checkWhole } from '../errors.js';
import { isInMemory } from '../tokens/token-source.js';
import { ArrayDataset, type Dataset } from './dataset.js';
import { BlockDataset } from './block-dataset.js';
import { NextTokenDataset } from './next-token-dataset.js';

/** Writes rows and targets of a data set into arrays that hold whole rows. */
export interface RowReader {
  /** N: how many rows. */
  readonly length: number;
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** 1 or T. */
  readonly targetsPerRow: number;
  /** Writes the tokens of a row into `into` from `at` on. */
  copyRow(row: number, into: Int32Array, at: number): void;
  /** Writes the targets of a row. */
  copyTargets(row: number, into: Int32Array, at: number): void;
}

/**
 * Reads a data set that anyone may have written: its sizes as they are now, and rows that are checked. Those of this package
 * are right by construction and read at once.
 *
 * @param where - how errors begin
 * @throws TypeError when a method is missing
 * @throws RangeError when a size isn't a whole number from 1 on, or `targetsPerRow` is neither 1 nor `contextSize`
 */
export function rowReader(where: string, dataset: Dataset): RowReader {
  for (const method of ['copyRow', 'copyTargets'] as const) {
    if (typeof dataset[method] === 'function') continue;
    const remedy = 'lines' in dataset ? '; whole lines are for a SequenceLoader' : '';
    throw new TypeError(`${where}: the data set must have a method ${method}; got none${remedy}`);
  }
  const { length, contextSize, targetsPerRow } = dataset;
  checkWhole(`${where}: length of the data set`, length, 1);
  checkWhole(`${where}: contextSize of the data set`, contextSize, 1);
  if (targetsPerRow !== 1 && targetsPerRow !== contextSize) {
    throw new RangeError(
      `${where}: targetsPerRow of the data set must be 1 or its contextSize, ${contextSize}; got ${targetsPerRow}`,
    );
  }
  const kind: unknown = Object.getPrototypeOf(dataset);
  if (kind === NextTokenDataset.prototype || kind === ArrayDataset.prototype) return dataset;
  if (kind === BlockDataset.prototype && isInMemory((dataset as BlockDataset).tokens)) {
    return dataset;
  }
  const sizes = { length, contextSize, targetsPerRow };
  const rows = new CheckedRows(where, contextSize);
  const targets = new CheckedRows(where, targetsPerRow);
  return {
    ...sizes,
    copyRow: (row, into, at) =>
      rows.copy('copyRow', row, [(own, from) => dataset.copyRow(row, own, from), into, at]),
    copyTargets: (row, into, at) =>
      targets.copy('copyTargets', row, [
        (own, from) => dataset.copyTargets(row, own, from),
        into,
        at,
      ]),
  };
}

/** The largest token. */
const MOST = 2 ** 31 - 1;

/**
 * Lets a data set write into doubles of its own, with a free place before and after the row: there a fraction, NaN, a number
 * that is missing and one too many can be seen, which an `Int32Array` would round or drop.
 */
class CheckedRows {
  readonly #where: string;
  readonly #values: Float64Array;

  constructor(where: string, size: number) {
    this.#where = where;
    this.#values = new Float64Array(size + 2);
  }

  copy(
    method: string,
    row: number,
    [write, into, at]: readonly [
      write: (own: Float64Array, from: number) => void,
      into: Int32Array,
      at: number,
    ],
  ): void {
    const values = this.#values;
    const size = values.length - 2;
    const rule = `${this.#where}: ${method}(${row}) of the data set must write ${size} whole numbers from 0 on`;
    values.fill(NaN);
    try {
      write(values, 1);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new RangeError(`${rule}; got an error, ${cause.message}`, { cause });
    }
    if (!Number.isNaN(values[0]) || !Number.isNaN(values[size + 1])) {
      throw new RangeError(`${rule} at the given place; it writes beside it`);
    }
    for (let i = 0; i < size; i++) {
      const value = values[i + 1];
      if (!Number.isInteger(value) || value < 0 || value > MOST) {
        const got = Number.isNaN(value) ? 'none' : String(value);
        throw new RangeError(`${rule}; got ${got} at position ${i}`);
      }
      into[at + i] = value;
    }
  }
}
