import type { Batch } from './batch.js';
import { checkBatchIndex } from './check-batch-index.js';
import type { CompactRows } from './compact-rows.js';
import type { Pass } from './pass.js';

/** What a {@link RowPass} goes over. */
export interface RowPassOptions {
  readonly rows: CompactRows;
  readonly batchSize: number;
  /** How many batches; the last may be smaller. */
  readonly length: number;
  /** `[N]` row numbers; `undefined` for the rows as they lie. */
  readonly order: Int32Array | undefined;
}

/** A pass in a fixed order, which is all that it keeps; each iterator has a buffer of one batch. */
export class RowPass implements Pass {
  readonly length: number;
  readonly #rows: CompactRows;
  readonly #batchSize: number;
  readonly #order: Int32Array | undefined;

  constructor({ rows, batchSize, length, order }: RowPassOptions) {
    this.length = length;
    this.#rows = rows;
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

  *#batches(start: number): Generator<Batch, void, undefined> {
    const { length: rows, contextSize } = this.#rows;
    const capacity = Math.min(this.#batchSize, rows);
    const full: Batch = {
      size: capacity,
      contextSize,
      inputs: new Int32Array(capacity * contextSize),
      targets: new Int32Array(capacity),
    };
    for (let i = start; i < this.length; i++) {
      const first = i * this.#batchSize;
      const batch = shortened(full, Math.min(capacity, rows - first));
      this.#copyRows(first, batch);
      yield batch;
    }
  }

  /**
   * Element by element: for some ten tokens a row, subarray and set cost more than the copy. The first token of each row
   * goes first, so that the cache misses of all rows overlap.
   */
  #copyRows(first: number, { size, contextSize: T, inputs, targets }: Batch): void {
    const order = this.#order;
    const { inputs: allInputs, targets: allTargets } = this.#rows;
    for (let i = 0; i < size; i++) {
      const row = order === undefined ? first + i : order[first + i];
      targets[i] = allTargets[row];
      inputs[i * T] = allInputs[row * T];
    }
    for (let i = 0; i < size; i++) {
      const from = (order === undefined ? first + i : order[first + i]) * T;
      for (let t = 1; t < T; t++) inputs[i * T + t] = allInputs[from + t];
    }
  }
}

/** The first `size` rows of a batch, on the same memory. */
function shortened(batch: Batch, size: number): Batch {
  if (size === batch.size) return batch;
  const { contextSize } = batch;
  return {
    size,
    contextSize,
    inputs: batch.inputs.subarray(0, size * contextSize),
    targets: batch.targets.subarray(0, size),
  };
}
