import type { Generator } from '@llm101/random';
import { checkWhole, count } from '../errors.js';
import type { Dataset } from './dataset.js';
import { hashDataset, type LoaderIdentity } from './identity.js';
import { type Batch, drawOrder, type Pass, type Shuffle } from './pass.js';
import { type RowReader, rowReader } from './read-rows.js';
import { RowPass } from './row-pass.js';

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions {
  /** Rows a batch, from 1 on; more than the data set has makes one batch of all rows. */
  readonly batchSize: number;
  /**
   * A new random order for each pass: PyTorch's, which is kept in four bytes a row, or with `'computed'` one that takes no memory and that
   * PyTorch doesn't have, by `computedOrder` of `@llm101/random`. Default: false.
   */
  readonly shuffle?: Shuffle;
  /** Where orders are drawn from; needed to shuffle. */
  readonly generator?: Generator;
  /** Leaves out a last batch that is smaller than the others. Default: false. */
  readonly dropLast?: boolean;
}

/** Rows that `torch.randperm` orders by draws of 32 bits: four bytes each are kept. */
const MOST_SHUFFLED = 214_748_363;

/**
 * A data set in batches. `for (const batch of loader)` is one pass; {@link DataLoader.pass} makes one that can
 * be repeated in the same order. A batch's arrays are used again for the next one of the same iterator.
 *
 * Draws what PyTorch's `DataLoader` draws from its global generator after `torch.manual_seed`: for each pass
 * one int64 (the base seed of worker processes, unused here) and, to shuffle, one more, which seeds a generator
 * of its own for `randperm`. (PyTorch leaves the second out when a generator is handed to the loader itself.)
 */
export class DataLoader implements Iterable<Batch> {
  /** Rows a batch; fewer in a data set that has fewer. */
  readonly batchSize: number;
  /** Batches a pass. */
  readonly length: number;
  /** Where orders are drawn from. */
  readonly generator: Generator | undefined;
  readonly #dataset: Dataset;
  readonly #rows: RowReader;
  readonly #shuffle: Shuffle;
  readonly #dropLast: boolean;

  /**
   * @throws RangeError when `batchSize` isn't a whole number from 1 on, the data set is empty or has another number of
   * targets a row than 1 or T, too many rows to shuffle, or `dropLast` leaves no batch; in a pass, when a row isn't such as the data set says
   * @throws TypeError when `shuffle` is true without a generator
   */
  constructor(
    dataset: Dataset,
    { batchSize, shuffle = false, generator, dropLast = false }: DataLoaderOptions,
  ) {
    checkWhole('DataLoader: batchSize', batchSize, 1);
    const rows = rowReader('DataLoader', dataset);
    if (shuffle !== false && generator === undefined) {
      throw new TypeError(
        'DataLoader: shuffle needs a generator; got none; pass generator: Generator.seeded(seed)',
      );
    }
    if (shuffle === true && rows.length > MOST_SHUFFLED) {
      throw new RangeError(
        `DataLoader: ${count(MOST_SHUFFLED)} rows can be shuffled; the data set has ${count(rows.length)}; ` +
          "pass shuffle: 'computed', or draw rows by a RandomLoader",
      );
    }
    const batches = rows.length / batchSize;
    this.length = dropLast ? Math.floor(batches) : Math.ceil(batches);
    if (this.length === 0) {
      throw new RangeError(
        `DataLoader: dropLast leaves no batch, as batchSize is ${batchSize} and the data set has ` +
          `${rows.length} rows; choose a smaller batchSize or leave dropLast out`,
      );
    }
    this.batchSize = batchSize;
    this.#dataset = dataset;
    this.#rows = rows;
    this.#shuffle = shuffle;
    this.#dropLast = dropLast;
    this.generator = generator;
  }

  /** A pass in an order that is drawn now and kept. */
  pass(): Pass {
    const order = drawOrder(this.#rows.length, {
      shuffle: this.#shuffle,
      generator: this.generator,
    });
    return new RowPass({
      reader: this.#rows,
      batchSize: this.batchSize,
      length: this.length,
      order,
    });
  }

  /** What decides its batches beside the generator: the data by a hash, and how they are cut into batches. */
  identity(): LoaderIdentity {
    const { contextSize, targetsPerRow, length: rows } = this.#dataset;
    return {
      data: hashDataset(this.#dataset),
      rows,
      contextSize,
      targetsPerRow,
      batchSize: this.batchSize,
      shuffle: this.#shuffle,
      dropLast: this.#dropLast,
    };
  }

  /** A new pass. */
  [Symbol.iterator](): Iterator<Batch> {
    return this.pass()[Symbol.iterator]();
  }
}
