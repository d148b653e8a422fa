import { countedPositions } from '@llm101/data';
import type { BatchSizes } from './cores.js';
import { UserError } from './errors.js';
import type { PreparedData } from './text/prepare-data.js';
import type { Settings } from './settings/settings.js';

/** How a batch is cut. */
interface Cut {
  readonly shards: number;
  readonly accumulate: number;
}

/** Rows of the largest piece that is computed at once. */
export function rowsOfPiece({
  shards,
  accumulate,
  rows,
  computed,
}: Cut & Omit<BatchSizes, 'config'>): number {
  const most = Math.ceil(Math.ceil(rows / shards) / accumulate);
  return Math.ceil((computed * most) / rows);
}

/**
 * A batch norm needs a variance: a run that meets a piece of one row ends there, be it the last batch of a pass after an hour.
 *
 * @param rows - of a batch
 * @throws UserError when a piece of a batch has one row
 */
export function checkBatchNorm(
  {
    batchNorm,
    order,
    contextSize,
    ...cut
  }: Pick<Settings, 'batchNorm' | 'order' | 'contextSize'> & Cut,
  data: PreparedData,
  rows: number,
): void {
  if (!batchNorm) return;
  const of = '--batch-size must leave 2 rows or more for each part of a batch with --batch-norm';
  const parts = cut.shards * cut.accumulate;
  if (leastOfPieces(rows, cut) < 2) {
    throw new UserError(`${of}; got ${rows} in ${parts}; choose ${2 * parts} or more`, {
      keys: ['batchSize', 'batchNorm', 'shards', 'accumulate'],
    });
  }
  if (data.examples === 'blocks' && order === 'random') return; // all batches are whole
  const total =
    data.examples === 'lines'
      ? countedPositions(data.train.tokens)
      : data.train.tokens.length - contextSize;
  const last = total % rows;
  if (last <= 0 || leastOfPieces(last, cut) >= 2) return;
  throw new UserError(
    `${of}; got ${last} in ${parts} for the last batch of a pass, as the text gives ${total} rows; choose another`,
    { keys: ['batchSize', 'batchNorm', 'shards', 'accumulate', 'data'] },
  );
}

/** Rows of the smallest piece of a batch. */
const leastOfPieces = (rows: number, { shards, accumulate }: Cut): number =>
  least(least(rows, shards), accumulate);

const least = (rows: number, parts: number): number => Math.max(1, Math.floor(rows / parts));
