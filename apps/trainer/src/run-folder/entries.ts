import { accessSync, constants, rmSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@llm101/runs';
import { besideOf, removeUnfinished } from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { extraLogs } from './extra-logs.js';
import type { RunFolder } from './paths.js';

/** Files of a run by the names that errors give them. */
const filesOf = (folder: RunFolder): readonly string[] => {
  const { config, metrics, samples, statistics, model, fingerprint, report } = folder;
  const { origin, tokens, tokenizer } = folder;
  const csv = join(folder.path, extraLogs.csv.path);
  const logs = [metrics, samples, statistics, csv];
  return [config, ...logs, model, fingerprint, report, origin, tokens, tokenizer];
};

/**
 * Checks, before a run is resumed, that what it will read and write is what it should be: a folder or a pipe in place of a
 * file would be noticed only at the end, or never.
 *
 * @throws UserError naming the first that isn't
 */
export function checkEntries(folder: RunFolder): void {
  for (const path of filesOf(folder)) check(path, 'a file', (stats) => stats.isFile());
  const folders = [
    folder.checkpoints,
    ...[extraLogs.tensorboard, extraLogs.wandb].map(({ path }) => join(folder.path, path)),
  ];
  for (const path of folders) check(path, 'a folder', (stats) => stats.isDirectory());
}

function check(path: string, what: string, isRight: (stats: Stats) => boolean): void {
  let why: string;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (isRight(stats)) {
      accessSync(path, constants.R_OK | constants.W_OK);
      return;
    }
    why = 'it is something else';
  } catch (error) {
    why = describeFileError(error);
  }
  throw new UserError(
    `${path} must be ${what} that the run can read and write: ${why}; put it right, or move it away`,
  );
}

/** Deletes what a run left that was killed while it wrote a file. The folder must be locked. */
export function removeLitter(folder: RunFolder): void {
  for (const path of filesOf(folder)) rmSync(besideOf(path), { force: true });
  for (const name of [
    'run.json',
    'state.json',
    'summary.json',
    'history.jsonl',
    'events.jsonl',
    'output.log',
  ]) {
    rmSync(besideOf(join(folder.path, extraLogs.wandb.path, name)), { force: true });
  }
  removeUnfinished(folder.checkpoints);
}
