import type { Batch } from '@llm101/data';

/** How a batch is cut: what decides the order of sums, and so a run's bytes. */
export interface Cut {
  /** Runs of rows whose gradients are computed apart, and may be by different workers. */
  readonly shards: number;
  /** Micro-batches of a shard, computed one after the other: a fraction of the memory, the same loss. */
  readonly accumulate: number;
}

/** Rows of a batch that are computed at once: micro-batch a of shard s. */
export interface Piece {
  /** `s accumulate + a`: which masks its random layers draw. */
  readonly index: number;
  /** Its first row. */
  readonly first: number;
  /** The row after its last. */
  readonly end: number;
}

/** Whether a batch stays whole. */
export const isWhole = ({ shards, accumulate }: Cut): boolean => shards === 1 && accumulate === 1;

/**
 * The pieces of a batch of so many rows, shard by shard: runs of rows as equal as can be, the first of them a row longer than
 * the last. What would be empty is left out.
 */
export function piecesOf(rows: number, { shards, accumulate }: Cut): readonly (readonly Piece[])[] {
  return runsOf(0, rows, shards).map(({ first, end }, s) =>
    runsOf(first, end, accumulate).map((run, a) => ({
      index: s * accumulate + a,
      first: run.first,
      end: run.end,
    })),
  );
}

function runsOf(first: number, end: number, count: number): Omit<Piece, 'index'>[] {
  const rows = end - first;
  const start = (i: number): number =>
    first + i * Math.floor(rows / count) + Math.min(i, rows % count);
  const used = Math.min(count, rows);
  return Array.from({ length: used }, (_, i) => ({ first: start(i), end: start(i + 1) }));
}

/** The rows of a batch that are a piece: views of its arrays. */
export function rowsOf(batch: Batch, { first, end }: Pick<Piece, 'first' | 'end'>): Batch {
  const { size: B, contextSize: T, inputs, targets, weights } = batch;
  const R = targets.length / B; // targets of a row
  return {
    size: end - first,
    contextSize: T,
    inputs: inputs.subarray(first * T, end * T),
    targets: targets.subarray(first * R, end * R),
    ...(weights && { weights: weights.subarray(first * R, end * R) }),
  };
}

/** What a batch's losses are divided by: the sum of its weights, or how many targets it has. */
export function totalOf({ targets, weights }: Pick<Batch, 'targets' | 'weights'>): number {
  if (weights === undefined) return targets.length;
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}
