import type { TrainingEvent, TrainingListener } from '@llm101/training';
import type { HeldRunFolder } from './run-folder.js';
import { UserError } from '../settings/user-error.js';

/** @throws UserError unless the folder is still this run's: another may have taken its place, with files of the same names */
export function checkFolder({ path, lock }: HeldRunFolder): void {
  if (lock.isHeld()) return;
  throw new UserError(
    `the run folder ${path} has been moved, deleted or unlocked; leave it in place until the run ends`,
  );
}

/** Events of which something is written down. */
const WRITTEN: ReadonlySet<TrainingEvent['type']> = new Set(['start', 'watch', 'samples', 'log']);

/** A listener that ends the run before anything is written into a folder that is no longer its own. */
export function keepToFolder(run: HeldRunFolder): TrainingListener {
  return ({ type }) => {
    if (WRITTEN.has(type)) checkFolder(run);
  };
}
