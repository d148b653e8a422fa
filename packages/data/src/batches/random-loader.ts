import { type Generator, randint } from '@llm101/random';
import { checkWhole } from '../errors.js';
import type { Dataset } from './dataset.js';
import { hashDataset, type LoaderIdentity } from './identity.js';
import { type Batch, listedOrder, type Pass } from './pass.js';
import { type RowReader, rowReader } from './read-rows.js';
import { RowPass } from './row-pass.js';

/** Options of {@link RandomLoader}. */
export interface RandomLoaderOptions {
  /** Rows a batch, from 1 on. */
  readonly batchSize: number;
  /** Batches a pass. Default: 1. */
  readonly batches?: number;
  /** Where rows are drawn from. */
  readonly generator: Generator;
}

/**
 * Batches of rows that are drawn at random, each time from all of them: a pass is `batches` calls of
 * `torch.randint(rows, (batchSize,))`, as nanoGPT draws batches from a text. With an `InfiniteLoader` of `@llm101/training`
 * (with `ahead` for nanoGPT's order of draws) it is trained on; with 20 batches a pass it gives the batches of an
 * evaluation, others each time, from the same stream.
 */
export class RandomLoader implements Iterable<Batch> {
  /** Rows a batch. */
  readonly batchSize: number;
  /** Batches a pass. */
  readonly length: number;
  /** Where rows are drawn from. */
  readonly generator: Generator;
  /** Rows are drawn from all of them each time, so that an `InfiniteLoader` draws each pass anew. */
  readonly replacement = true;
  readonly #dataset: Dataset;
  readonly #reader: RowReader;

  /**
   * @throws RangeError when `batchSize` or `batches` isn't a whole number from 1 on, the data set is empty, has more than 2^31
   * rows, or another number of targets a row than 1 or T; in a pass, when a row isn't such as the data set says
   * @throws TypeError without a generator
   */
  constructor(dataset: Dataset, { batchSize, batches = 1, generator }: RandomLoaderOptions) {
    checkWhole('RandomLoader: batchSize', batchSize, 1);
    checkWhole('RandomLoader: batches', batches, 1);
    this.#reader = rowReader('RandomLoader', dataset);
    if (this.#reader.length > 2 ** 31) {
      throw new RangeError(
        `RandomLoader: the data set must have at most 2^31 rows; got ${this.#reader.length}; use a larger stride`,
      );
    }
    // A caller without types may have left it out.
    const given: Generator | undefined = generator;
    if (given === undefined) {
      throw new TypeError(
        'RandomLoader: there must be a generator; got none; pass generator: Generator.seeded(seed)',
      );
    }
    this.batchSize = batchSize;
    this.length = batches;
    this.generator = generator;
    this.#dataset = dataset;
  }

  /** A pass whose rows are drawn now and kept. */
  pass(): Pass {
    const { batchSize, length, generator } = this;
    const high = this.#reader.length;
    const order = listedOrder(randint(generator, batchSize * length, { high }));
    return new RowPass({ reader: this.#reader, batchSize, length, order });
  }

  /** What decides its batches beside the generator: the data by a hash, and how batches are drawn. */
  identity(): LoaderIdentity {
    const { contextSize, targetsPerRow, length: rows } = this.#reader;
    return {
      data: hashDataset(this.#dataset),
      rows,
      contextSize,
      targetsPerRow,
      batchSize: this.batchSize,
      batches: this.length,
      replacement: this.replacement,
    };
  }

  /** A new pass. */
  [Symbol.iterator](): Iterator<Batch> {
    return this.pass()[Symbol.iterator]();
  }
}
