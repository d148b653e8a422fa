import type { Batch } from './batch.js';

/** One pass over a data set. Iterated again, it gives the same batches in the same order. */
export interface Pass extends Iterable<Batch> {
  /** Batches. */
  readonly length: number;
  /**
   * The rest of the pass, at no cost for what is left out: how a stopped run goes on where it was.
   *
   * @param batchIndex - 0 … `length`
   * @throws RangeError for any other index
   */
  from(batchIndex: number): Iterable<Batch>;
}
