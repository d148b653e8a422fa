import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveLeniently } from '@llm101/runs';
import type { Objective } from '@llm101/sweeps';
import { readResults, readSweep, sweepPaths, trialName } from './sweep-folder.js';

/** How good a trial was after so many steps. */
export interface TrialValue {
  readonly objective: Objective;
  readonly step: number;
  readonly value: number;
  /** Whether it paused there, and no more is known. */
  readonly isPaused: boolean;
}

/** What the sweeps of some runs know of them, as {@link resultsOfSweeps}: a run lies in its sweep's `trials`. */
export const resultsOfRuns = (
  runs: readonly { readonly folder: string }[],
): ReadonlyMap<string, readonly TrialValue[]> =>
  resultsOfSweeps(new Set(runs.map(({ folder }) => join(folder, '..', '..'))));

/**
 * What sweeps know of their trials, by the absolute paths of the run folders: what each reached at its pauses and its end. The log of a run lacks that
 * where its last step has no validation, and where the objective is none of its figures. Other folders are passed over.
 *
 * @throws UserError when a sweep can't be read
 */
function resultsOfSweeps(folders: Iterable<string>): ReadonlyMap<string, readonly TrialValue[]> {
  const found = new Map<string, TrialValue[]>();
  for (const folder of folders) {
    const { sweep: file, trials } = sweepPaths(folder);
    if (!existsSync(file)) continue;
    const { objective, seeds, settings } = readSweep(folder);
    const { seed } = resolveLeniently({ flags: settings }).settings;
    for (const { trial, repetition, step, value, status } of readResults(folder)) {
      if (value === undefined) continue;
      const name = trialName(trial, seeds === 1 ? undefined : seed + repetition);
      const path = resolve(join(trials, name));
      found.set(path, [
        ...(found.get(path) ?? []),
        { objective, step, value, isPaused: status === 'paused' },
      ]);
    }
  }
  return found;
}
