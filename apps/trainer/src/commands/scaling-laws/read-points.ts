import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '@llm101/runs';
import { parseScalingPoints, type ScalingColumns, TableError } from '@llm101/sweeps';
import { readFileWithin } from '@llm101/training/node';
import { describeFileError } from '../../terminal/errors.js';
import { oneLine } from '../../terminal/streams.js';
import type { Output } from '../../terminal/output.js';
import { pointsOfRuns } from './points-of-runs.js';
import type { RunPoint } from './run-point.js';

/** Runs, and where they are from. */
export interface RunPoints {
  readonly points: readonly RunPoint[];
  /** A name for a heading. */
  readonly source: string;
  /** Whether FLOP were counted, and aren't `6 N D`. */
  readonly isCounted: boolean;
  /** The folder that a page goes to. */
  readonly folder?: string | undefined;
}

/** How {@link readPoints} reads. */
export interface ReadPointsOptions extends ScalingColumns {
  readonly nonEmbedding?: boolean | undefined;
  readonly output: Output;
}

/** A table of a hundred thousand runs has less. */
const MOST_BYTES = 16_000_000;

/**
 * Runs of folders, or of one table.
 *
 * @throws UserError when they can't be read
 */
export function readPoints(
  sources: readonly string[],
  { nonEmbedding = false, output, ...columns }: ReadPointsOptions,
): RunPoints {
  const files = sources.filter((source) => !isFolder(source));
  if (files.length === 0) {
    const named = Object.entries(columns).find(([, name]) => name !== undefined);
    if (named !== undefined)
      throw new UserError(`--${named[0]} names a column of a table; got folders; leave it out`);
    return {
      points: pointsOfRuns(sources, { nonEmbedding, output }),
      source: sources.map((source) => basename(source)).join(', '),
      isCounted: true,
      folder: sources.length === 1 ? sources[0] : undefined,
    };
  }
  if (sources.length > 1) {
    throw new UserError(
      `there must be one table, or folders alone; got ${sources.length} sources, the table ${files[0]} among them`,
    );
  }
  if (nonEmbedding)
    throw new UserError('--non-embedding is for folders of runs; got a table; leave it out');
  const [path] = files;
  const { points, columns: found } = tableOf(path, columns);
  if (points.length === 0) throw new UserError(`${path} must have a row for each run; it has none`);
  const isCounted = found.tokens !== undefined && found.flop !== undefined;
  return { points, source: basename(path), isCounted };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new UserError(
      `${path} must be a sweep, a folder of runs, or a table: ${describeFileError(cause)}`,
      { cause },
    );
  }
}

function tableOf(path: string, columns: ScalingColumns): ReturnType<typeof parseScalingPoints> {
  let bytes: Uint8Array;
  try {
    bytes = readFileWithin(path, MOST_BYTES);
  } catch (cause) {
    throw new UserError(`the table ${path} can't be read: ${describeFileError(cause)}`, { cause });
  }
  try {
    return parseScalingPoints(new TextDecoder('utf-8', { fatal: true }).decode(bytes), columns);
  } catch (cause) {
    if (cause instanceof TypeError)
      throw new UserError(`the table ${path} must be UTF-8; it is something else`, { cause });
    if (!(cause instanceof TableError)) throw cause;
    throw new UserError(`${path}: ${oneLine(cause.message)}`, { cause });
  }
}
