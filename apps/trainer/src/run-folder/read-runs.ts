import { resolve } from 'node:path';
import { isRead, type RawSettings, UserError } from '@llm101/runs';
import { type RunData, RunFileError } from '@llm101/report';
import { type FoundRun, findRuns, readRun, type ReadRunOptions } from '@llm101/report/node';
import { resultsOfRuns, type TrialValue } from '../sweep-folder/results-of-sweeps.js';
import { describeFileError } from '../terminal/errors.js';
import { count, type Output } from '../terminal/output.js';

/** Lines of metrics.jsonl that are compared at once; more take gigabytes. */
const MOST_ROWS = 5_000_000;

/**
 * Reads runs that are compared, with what their sweeps know of them, and shows the progress.
 *
 * @throws UserError when one can't be read, or they have more than 5,000,000 lines of metrics together
 */
export function readShownRuns(
  found: readonly FoundRun[],
  { output, ...options }: ReadRunOptions & { readonly output: Output },
): RunData[] {
  const progress = output.progress('reading runs');
  let rows = 0;
  const results = resultsOf(found);
  try {
    return found.map((one, i) => {
      progress.update(i, found.length);
      const run = withResults(readShownRun(one, options), results.get(resolve(one.folder)));
      rows += run.metrics.length;
      if (rows <= MOST_ROWS) return run;
      throw new RunFileError(
        `runs that are compared may have ${count(MOST_ROWS)} lines of metrics together; these have more; name fewer of them`,
      );
    });
  } catch (cause) {
    if (cause instanceof RunFileError) throw new UserError(cause.message, { cause });
    throw new UserError(`a run can't be read: ${describeFileError(cause)}`, { cause });
  } finally {
    progress.end();
  }
}

/** What the sweeps of runs know of them; nothing where one can't be read, as the runs can be without. */
function resultsOf(found: readonly FoundRun[]): ReturnType<typeof resultsOfRuns> {
  try {
    return resultsOfRuns(found);
  } catch (error) {
    if (error instanceof UserError) return new Map();
    throw error;
  }
}

/** Adds to the lines of a run's log what they lack of its sweep's objective. */
function withResults(run: RunData, results: readonly TrialValue[] = []): RunData {
  if (results.length === 0) return run;
  const metrics = run.metrics.map((row) => {
    const at = results.filter(({ step }) => step === row.step);
    return { ...Object.fromEntries(at.map(({ objective, value }) => [objective, value])), ...row };
  });
  const last = results.toSorted((a, b) => a.step - b.step)[results.length - 1];
  return { ...run, metrics, result: { ...last, metric: last.objective } };
}

/** Reads a run for those who look at it: without the settings that its kinds don't read. */
export function readShownRun({ folder, name }: FoundRun, options: ReadRunOptions = {}): RunData {
  const run = readRun(folder, options);
  return { ...run, name, config: shownConfig(run.config) };
}

/** What is shown of a config.json: not where the text lies, nor settings that the run's kinds don't read. */
function shownConfig(config: RawSettings): RawSettings {
  const shown = Object.entries(config).filter(([key]) => key !== 'text' && isRead(key, config));
  return Object.fromEntries(shown);
}

/**
 * The runs that folders are or hold.
 *
 * @throws UserError when a folder holds none, or can't be read
 */
export function runsIn(folders: readonly string[]): FoundRun[] {
  try {
    return findRuns(folders);
  } catch (cause) {
    const why = cause instanceof RunFileError ? cause.message : describeFileError(cause);
    const what = cause instanceof RunFileError ? '' : `runs can't be read: `;
    throw new UserError(`${what}${why}`, { cause });
  }
}
