import { type Batch, checkBatchIndex, type Pass, type RowOrder } from './pass.js';
import type { RowReader } from './read-rows.js';

/** What a {@link RowPass} goes over. */
export interface RowPassOptions {
  readonly reader: RowReader;
  readonly batchSize: number;
  /** How many batches; the last may be smaller. */
  readonly length: number;
  /** Rows, of which one may occur several times. */
  readonly order: RowOrder;
}

/** A pass in a fixed order, which is all that it keeps; each iterator has a buffer of one batch. */
export class RowPass implements Pass {
  readonly length: number;
  readonly #reader: RowReader;
  readonly #batchSize: number;
  readonly #order: RowOrder;

  constructor({ reader, batchSize, length, order }: RowPassOptions) {
    this.length = length;
    this.#reader = reader;
    this.#batchSize = batchSize;
    this.#order = order;
  }

  [Symbol.iterator](): Iterator<Batch> {
    return this.#batches(0);
  }

  from(batchIndex: number): Iterable<Batch> {
    checkBatchIndex(batchIndex, this.length);
    return { [Symbol.iterator]: () => this.#batches(batchIndex) };
  }

  *#batches(start: number): Iterator<Batch, void, undefined> {
    const { contextSize, targetsPerRow } = this.#reader;
    const N = this.#order.length;
    const capacity = Math.min(this.#batchSize, N);
    const full: Batch = {
      size: capacity,
      contextSize,
      inputs: new Int32Array(capacity * contextSize),
      targets: new Int32Array(capacity * targetsPerRow),
    };
    for (let i = start; i < this.length; i++) {
      const first = i * this.#batchSize;
      const batch = shortened(full, Math.min(capacity, N - first));
      this.#copyRows(first, batch);
      yield batch;
    }
  }

  /** Targets first: they are next to their rows in memory, so that the cache misses of all rows overlap. */
  #copyRows(first: number, { size, contextSize: T, inputs, targets }: Batch): void {
    const reader = this.#reader;
    const { rowAt } = this.#order;
    const perRow = reader.targetsPerRow;
    for (let i = 0; i < size; i++) reader.copyTargets(rowAt(first + i), targets, i * perRow);
    for (let i = 0; i < size; i++) reader.copyRow(rowAt(first + i), inputs, i * T);
  }
}

/** The first `size` rows of a batch, on the same memory. */
function shortened(batch: Batch, size: number): Batch {
  if (size === batch.size) return batch;
  const { contextSize, inputs, targets } = batch;
  return {
    size,
    contextSize,
    inputs: inputs.subarray(0, size * contextSize),
    targets: targets.subarray(0, (targets.length / batch.size) * size),
  };
}
