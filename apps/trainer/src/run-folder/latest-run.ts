import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@llm101/runs';
import type { Output } from '../terminal/output.js';
import { type RunFolder, runFolder } from './paths.js';

/** Where `llm101 train` keeps runs by default. */
const RUNS = 'runs';

/**
 * The run that is taken where a command needs one and none is named: that in `runs` whose file is the newest. It is said on
 * stderr.
 *
 * @param file - what the command reads of it
 * @throws UsageError when there is none
 */
export function latestRun(file: 'model' | 'metrics' | 'fingerprint', output: Output): string {
  const found = foldersIn(RUNS)
    .map((name) => join(RUNS, name))
    .map((path) => ({ path, time: timeOf(runFolder(path), file) }))
    .filter(({ time }) => time > 0)
    .sort((a, b) => b.time - a.time || (a.path < b.path ? -1 : 1));
  if (found.length === 0) {
    throw new UsageError(
      `there is no run in ${RUNS}/ to take; name the folder of one, or make one by llm101 train`,
    );
  }
  const [{ path }] = found;
  output.note(`takes the latest run, ${path}`);
  return path;
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** When a file was written last, in milliseconds; 0 where there is none. */
function timeOf(run: RunFolder, file: 'model' | 'metrics' | 'fingerprint'): number {
  try {
    return statSync(run[file]).mtimeMs;
  } catch {
    return 0;
  }
}
