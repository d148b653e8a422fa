import { computedOrder, Generator, randomInt64, randperm } from '@llm101/random';

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
  /** As many int32: the number of the line that each target is part of the answer of; -1 where it is none. Only where lines have answers. */
  readonly answers?: Int32Array;
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

/** How rows are shuffled: in an order that is kept, four bytes a row, or in one that is computed. */
export type Shuffle = boolean | 'computed';

/** The row at each place of a pass. */
export interface RowOrder {
  /** Places. */
  readonly length: number;
  readonly rowAt: (place: number) => number;
}

/** An order that is a list of rows. */
export const listedOrder = (rows: Int32Array): RowOrder => ({
  length: rows.length,
  rowAt: (place) => rows[place],
});

/**
 * The order of a pass, with the draws of PyTorch's `DataLoader` from its global generator: one int64 (the base seed of
 * worker processes, unused here) and, to shuffle, one more, which seeds a generator of its own for the order, `randperm` unless it is
 * computed.
 */
export function drawOrder(
  length: number,
  { shuffle, generator }: { readonly shuffle: Shuffle; readonly generator: Generator | undefined },
): RowOrder {
  const own = { length, rowAt: (place: number) => place };
  if (generator === undefined) return own;
  randomInt64(generator); // the base seed
  if (shuffle === false) return own;
  const seeded = Generator.seeded(randomInt64(generator));
  return shuffle === 'computed'
    ? { length, rowAt: computedOrder(seeded, length) }
    : listedOrder(randperm(seeded, length));
}

/** @throws RangeError unless a pass of `length` batches can resume at this one */
export function checkBatchIndex(batchIndex: number, length: number): void {
  if (Number.isInteger(batchIndex) && batchIndex >= 0 && batchIndex <= length) return;
  throw new RangeError(
    `Pass.from: batchIndex must be a whole number from 0 to ${length}; got ${batchIndex}`,
  );
}
