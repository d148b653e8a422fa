import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DivergenceError } from '@llm101/training';
import { describeFileError } from './describe-file-error.js';
import { type ModelToSave, saveModel } from './model-file.js';
import type { RunFolder } from './run-folder.js';
import { UserError } from './user-error.js';

/**
 * Saves what a run that failed has learned: in its folder, or where that is full, in the folder for temporary files. A
 * model that has diverged has nothing to save.
 *
 * @returns the error to end with, which says where the model is
 */
export function rescueModel(error: unknown, run: RunFolder, toSave: ModelToSave): Error {
  if (error instanceof DivergenceError) {
    return new UserError(
      `${error.message} by --lr; ${run.metrics} has what was logged, no model is saved`,
      { cause: error },
    );
  }
  const what = `the run stopped after step ${toSave.step}: ${describeFileError(error)} (${run.path})`;
  if (toSave.step === 0) return new UserError(`${what}; nothing was learned yet`, { cause: error });
  for (const folder of [() => run.path, () => mkdtempSync(join(tmpdir(), 'llm101-'))]) {
    try {
      const path = join(folder(), 'model.safetensors');
      saveModel(path, toSave);
      return new UserError(`${what}; the model of that step is saved as ${path}`, { cause: error });
    } catch {
      // try the next
    }
  }
  return new UserError(`${what}; the model could not be saved either, free some space`, {
    cause: error,
  });
}
