import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DivergenceError } from '@llm101/training';
import { describeFailure } from './describe-failure.js';
import { type ModelToSave, saveModel } from './model-file.js';
import type { CreatedRunFolder } from './run-folder.js';
import { UserError } from './user-error.js';

/**
 * Saves what a run that failed has learned: in its folder, or where that is full or no longer its own, in the folder for
 * temporary files. A model that has diverged has nothing to save, and a run that has learned nothing leaves no folder.
 *
 * @returns the error to end with, which says where the model is and what to do
 */
export function rescueModel(error: unknown, run: CreatedRunFolder, toSave: ModelToSave): Error {
  const options = { cause: error };
  if (error instanceof DivergenceError) {
    const saved = `${run.metrics} has what was logged, no model is saved`;
    return new UserError(`${error.message} by --lr; ${saved}`, options);
  }
  const why = describeFailure(error, run.path);
  if (toSave.step === 0) {
    run.discard();
    return new UserError(`${why}; nothing was learned yet, and no run folder is left`, options);
  }
  const path = saveSomewhere(run, toSave);
  const saved =
    path === undefined
      ? 'the model could not be saved anywhere'
      : `the model of that step is saved as ${path}`;
  return new UserError(`the run stopped after step ${toSave.step}: ${why}; ${saved}`, options);
}

/** @returns where; undefined when there is no room */
function saveSomewhere({ lock, model }: CreatedRunFolder, toSave: ModelToSave): string | undefined {
  if (lock.isHeld() && save(model, toSave)) return model;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'llm101-'));
    const path = join(folder, 'model.safetensors');
    if (save(path, toSave)) return path;
    rmSync(folder, { recursive: true });
  } catch {
    // there is no such folder either
  }
  return undefined;
}

function save(path: string, toSave: ModelToSave): boolean {
  try {
    saveModel(path, toSave);
    return true;
  } catch {
    return false;
  }
}
