import { existsSync, opendirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { naturalOrder } from '../compare/natural-order.js';
import { RunFileError } from '../limits.js';

/** Where a run is, and what it is called beside others. */
export interface FoundRun {
  readonly folder: string;
  /** Its path below the folder that all of them have in common: `lr-0.1/seed-1`. */
  readonly name: string;
}

/** What is looked at. */
const MOST = { runs: 10_000, entries: 200_000, depth: 4 } as const;

/** The log that makes a folder one of a run. */
const LOG = 'metrics.jsonl';

/** The folder of a sweep's runs, whose names are numbers. */
const TRIALS = 'trials';

/** Folders of a sweep or of other tools that hold no run. */
const SKIPPED = /^\.|^node_modules$/;

/**
 * Finds the runs that some folders are or hold: a run's own folder, one of runs, up to four folders deep, or that of a sweep. Within a folder
 * they come in the natural order of their names, `run-2` before `run-10`; each comes once. Links are not followed.
 *
 * @throws RunFileError when a folder holds no run, or there are more than 10,000 runs or 200,000 files and folders to look at
 * @throws Error when a folder can't be read
 */
export function findRuns(folders: readonly string[]): FoundRun[] {
  const found = new Map<string, string>();
  let looked = 0;
  const look = (folder: string, depth: number): void => {
    if (existsSync(join(folder, LOG))) {
      found.set(resolve(folder), folder);
      if (found.size <= MOST.runs) return;
      throw new RunFileError(
        `there may be ${MOST.runs.toLocaleString('en-US')} runs at once; here are more; name fewer folders`,
      );
    }
    if (depth === MOST.depth) return;
    let names: string[];
    try {
      names = foldersIn(folder, () => ++looked);
    } catch (error) {
      if (error instanceof RunFileError || (depth === 0 && existsSync(folder))) throw error;
      return; // not ours to see, or gone
    }
    for (const name of names) look(join(folder, name), depth + 1);
  };
  for (const folder of folders) {
    const before = found.size;
    look(folder, 0);
    if (found.size > before || found.has(resolve(folder))) continue;
    if ([...found.keys()].some((path) => path.startsWith(`${resolve(folder)}${sep}`))) continue;
    throw new RunFileError(
      `${folder} must be the folder of a run, or hold such folders; there is no ${LOG}, which llm101 train writes`,
    );
  }
  return named([...found]);
}

/** The folders in a folder, in natural order. */
function foldersIn(path: string, count: () => number): string[] {
  const names: string[] = [];
  const entries = opendirSync(path);
  try {
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      if (count() > MOST.entries) {
        throw new RunFileError(
          `${MOST.entries.toLocaleString('en-US')} files and folders are looked at for runs; here are more; name the folders of the runs`,
        );
      }
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) names.push(entry.name);
    }
  } finally {
    entries.closeSync();
  }
  return names.sort(naturalOrder);
}

function named(found: readonly (readonly [resolved: string, folder: string])[]): FoundRun[] {
  if (found.length === 1) return [{ folder: found[0][1], name: found[0][1] }];
  const parent = commonFolder(found.map(([path]) => dirname(path)));
  const common = basename(parent) === TRIALS ? dirname(parent) : parent;
  return found.map(([path, folder]) => ({
    folder,
    name: relative(common, path).split(sep).join('/') || basename(path),
  }));
}

function commonFolder(paths: readonly string[]): string {
  let [common] = paths;
  for (const path of paths) {
    while (path !== common && !path.startsWith(common.endsWith(sep) ? common : common + sep)) {
      const parent = dirname(common);
      if (parent === common) return common; // another drive of Windows
      common = parent;
    }
  }
  return common;
}
