import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DivergenceError } from '@llm101/training';
import { describeFileError } from './describe-file-error.js';
import { type ModelToSave, saveModel } from './model-file.js';
import type { RunFolder } from './run-folder.js';
import { UserError } from './user-error.js';

/** A model of a run that failed. */
export interface ModelToRescue extends ModelToSave {
  /** Whether it has the weights of the best validation, which a divergence leaves as they are. */
  readonly isBest: boolean;
}

/**
 * Saves what a run that failed has learned: in its folder, or where that is full, in the folder for temporary files. A
 * model that has diverged has nothing to save, unless it has the weights of its best validation.
 *
 * @returns the error to end with, which says where the model is
 */
export function rescueModel(error: unknown, run: RunFolder, toSave: ModelToRescue): Error {
  const hasDiverged = error instanceof DivergenceError;
  if (hasDiverged && !toSave.isBest) {
    return new UserError(
      `${error.message} by --lr; ${run.metrics} has what was logged, no model is saved`,
      { cause: error },
    );
  }
  const what = hasDiverged
    ? `${error.message} by --lr`
    : `the run stopped after step ${toSave.step}: ${describeFileError(error)} (${run.path})`;
  if (toSave.step === 0) return new UserError(`${what}; nothing was learned yet`, { cause: error });
  for (const folder of [() => run.path, () => mkdtempSync(join(tmpdir(), 'llm101-'))]) {
    try {
      const path = join(folder(), 'model.safetensors');
      saveModel(path, toSave);
      return new UserError(
        `${what}; the model of ${toSave.isBest ? `its best validation, step ${toSave.step},` : 'that step'} is saved as ${path}`,
        { cause: error },
      );
    } catch {
      // try the next
    }
  }
  return new UserError(`${what}; the model could not be saved either, free some space`, {
    cause: error,
  });
}
