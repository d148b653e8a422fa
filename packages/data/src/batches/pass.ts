import { Generator, randomInt64, randperm } from '@llm101/random';

/** `B = size` rows of a data set. Its arrays are used again for the next batch: copy what should outlive a step. */
export interface Batch {
  /** B: how many rows. */
  readonly size: number;
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** `[B, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[B]` int32, what follows each row; of blocks and whole lines `[B, T]`, what follows each position. */
  readonly targets: Int32Array;
  /** As many float32: how much each target counts, 0 where it is padding. Default: each counts 1. */
  readonly weights?: Float32Array;
}

/** One pass over a data set. Iterated again, it gives the same batches in the same order. */
export interface Pass extends Iterable<Batch> {
  /** Batches. */
  readonly length: number;
  /**
   * The rest of the pass, at no cost for the batches before: how a stopped run resumes where it was.
   *
   * @param batchIndex - 0 … `length`
   * @throws RangeError for any other index
   */
  from(batchIndex: number): Iterable<Batch>;
}

/**
 * The order of a pass, with the draws of PyTorch's `DataLoader` from its global generator: one int64 (the base seed of
 * worker processes, unused here) and, to shuffle, one more, which seeds a generator of its own for `randperm`.
 *
 * @returns `[length]` row numbers, or `undefined` for the rows in their own order
 */
export function drawOrder(
  length: number,
  { shuffle, generator }: { readonly shuffle: boolean; readonly generator: Generator | undefined },
): Int32Array | undefined {
  if (generator === undefined) return undefined;
  randomInt64(generator); // the base seed
  if (!shuffle) return undefined;
  return randperm(Generator.seeded(randomInt64(generator)), length);
}

/** @throws RangeError unless a pass of `length` batches can resume at this one */
export function checkBatchIndex(batchIndex: number, length: number): void {
  if (Number.isInteger(batchIndex) && batchIndex >= 0 && batchIndex <= length) return;
  throw new RangeError(
    `Pass.from: batchIndex must be a whole number from 0 to ${length}; got ${batchIndex}`,
  );
}
