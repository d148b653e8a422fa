import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveLeniently } from '@llm101/runs';
import { readResults, readSweep, sweepPaths, trialName } from '../../sweep-folder/sweep-folder.js';

/** How good a run was after so many steps. */
export interface Reached {
  readonly step: number;
  /** Of the text that is held out, in nats a token. */
  readonly loss: number;
}

/**
 * The losses that sweeps know of their trials, by the absolute paths of the run folders: that at the end, which the log of a run doesn't have
 * where its last step has no validation. Sweeps with another objective than the validation loss know none.
 *
 * @throws UserError when a sweep can't be read
 */
export function resultsOfSweeps(folders: readonly string[]): ReadonlyMap<string, Reached> {
  const found = new Map<string, Reached>();
  for (const folder of folders) {
    const { sweep: file, trials } = sweepPaths(folder);
    if (!existsSync(file)) continue;
    const { objective, seeds, settings } = readSweep(folder);
    if (objective !== 'valLoss') continue;
    const { seed } = resolveLeniently({ flags: settings }).settings;
    for (const { trial, repetition, step, value } of readResults(folder)) {
      if (value === undefined) continue;
      const name = trialName(trial, seeds === 1 ? undefined : seed + repetition);
      const path = resolve(join(trials, name));
      if (step > (found.get(path)?.step ?? 0)) found.set(path, { step, loss: value });
    }
  }
  return found;
}
