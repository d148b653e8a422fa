import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { UserError } from '@llm101/runs';
import { parseResults, parseSweep, type Result, resultLine, type Sweep } from '@llm101/sweeps';
import { StoreInUseError } from '@llm101/training';
import {
  type FolderLock,
  lockFolder,
  readFileWithin,
  writeFileWholeSync,
} from '@llm101/training/node';
import { readObject } from '../terminal/config-file.js';
import { describeFileError } from '../terminal/errors.js';

/** Where the files of a sweep are; nothing is read or written. */
export interface SweepPaths {
  readonly path: string;
  /** The sweep. */
  readonly sweep: string;
  /** What came of its trials, a line each. */
  readonly results: string;
  /** Where the run folders of its trials are. */
  readonly trials: string;
}

export function sweepPaths(written: string): SweepPaths {
  const path = normalize(written);
  return {
    path,
    sweep: join(path, 'sweep.json'),
    results: join(path, 'results.jsonl'),
    trials: join(path, 'trials'),
  };
}

/** The name of a trial's run folder in `trials`. @param seed - its own, where each trial is repeated with several */
export const trialName = (trial: number, seed: number | undefined): string =>
  seed === undefined ? String(trial) : `${trial}-seed-${seed}`;

/** A sweep's folder that one process alone writes into. */
export interface OpenSweepFolder extends SweepPaths {
  readonly lock: FolderLock;
  /** What is known of its trials already. */
  readonly known: readonly Result[];
  /** Keeps a result. */
  record(result: Result): void;
}

/**
 * Makes the folder of a new sweep.
 *
 * @throws UserError when it isn't new or empty, is in use, or can't be written
 */
export function createSweepFolder(written: string, sweep: Sweep): OpenSweepFolder {
  const paths = sweepPaths(written);
  const { path } = paths;
  return guarded(path, () => {
    if (existsSync(paths.sweep)) {
      throw new UserError(
        `${path} holds a sweep already; llm101 sweep --resume ${path} goes on with it, and --sweep-dir names another folder`,
      );
    }
    mkdirSync(path, { recursive: true });
    const [entry] = readdirSync(path);
    if (entry !== undefined) {
      throw new UserError(
        `the folder of a sweep must be new or empty; ${path} holds ${entry}; choose another with --sweep-dir`,
      );
    }
    const lock = lockFolder(path, WORDS);
    writeFileWholeSync(paths.sweep, `${JSON.stringify(sweep, undefined, 2)}\n`);
    return opened(paths, { lock, known: [] });
  });
}

/**
 * Opens the folder of a sweep that is to go on.
 *
 * @param isAgain - whether the job of a result that is known is done again; its line is dropped
 * @throws UserError when there is none, it is in use, or it can't be written
 */
export function reopenSweepFolder(
  written: string,
  isAgain: (result: Result) => boolean,
): OpenSweepFolder & { readonly own: Sweep } {
  const paths = sweepPaths(written);
  const own = readSweep(written);
  return guarded(paths.path, () => {
    const lock = lockFolder(paths.path, WORDS);
    const known = readResults(written).filter((result) => !isAgain(result));
    writeFileWholeSync(paths.results, known.map(resultLine).join(''));
    return { ...opened(paths, { lock, known }), own };
  });
}

/**
 * The sweep of a folder.
 *
 * @throws UserError when there is none, or it can't be read
 */
export function readSweep(written: string): Sweep {
  const { path, sweep } = sweepPaths(written);
  if (!existsSync(sweep)) {
    throw new UserError(
      `there is no sweep in ${path}: it has no sweep.json; name the folder that llm101 sweep made`,
    );
  }
  return parseSweep(readObject(sweep, 'take it from a copy'), sweep);
}

/** A line has some hundred bytes. */
const MOST_BYTES = 500_000_000;

/**
 * What came of the trials of a folder's sweep so far.
 *
 * @throws UserError when the file can't be read, or is larger than 500 MB
 */
export function readResults(written: string): Result[] {
  const { results } = sweepPaths(written);
  if (!existsSync(results)) return [];
  try {
    return parseResults(new TextDecoder().decode(readFileWithin(results, MOST_BYTES)));
  } catch (cause) {
    throw new UserError(
      `${results} can't be read: ${describeFileError(cause)}; move it away, and trials are done again from their folders`,
      { cause },
    );
  }
}

const WORDS = { what: 'the folder of the sweep', remedy: 'choose another with --sweep-dir' };

const opened = (
  paths: SweepPaths,
  rest: Pick<OpenSweepFolder, 'lock' | 'known'>,
): OpenSweepFolder => ({
  ...paths,
  ...rest,
  record(result) {
    guarded(paths.path, () => appendFileSync(paths.results, resultLine(result), { flush: true }));
  },
});

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (cause instanceof StoreInUseError) throw new UserError(cause.message, { cause });
    throw new UserError(
      `the folder of the sweep ${path} can't be written: ${describeFileError(cause)}; choose another with --sweep-dir`,
      { cause },
    );
  }
}
