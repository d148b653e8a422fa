import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DivergenceError } from '@llm101/training';
import { describeFailure } from '../terminal/describe-failure.js';
import { type ModelToSave, saveModel } from './model-file.js';
import type { HeldRunFolder } from './run-folder.js';
import { UserError } from '../settings/user-error.js';

/** A model of a run that failed. */
export interface ModelToRescue extends ModelToSave {
  /** The step after which the run stopped. */
  readonly lastStep: number;
  /** Whether it has the weights of the best validation, which a divergence leaves as they are. */
  readonly isBest: boolean;
}

/**
 * Saves what a run that failed has learned: in its folder, or where that is full or no longer its own, in the folder for
 * temporary files. A model that has diverged has nothing to save, unless it has the weights of its best validation, and a
 * run that has learned nothing leaves no folder.
 *
 * @returns the error to end with, which says where the model is and what to do
 */
export function rescueModel(error: unknown, run: HeldRunFolder, toSave: ModelToRescue): Error {
  const options = { cause: error };
  const { step, lastStep, isBest } = toSave;
  const hasDiverged = error instanceof DivergenceError;
  if (hasDiverged && !isBest) {
    const saved = `${run.metrics} has what was logged, no model is saved`;
    return new UserError(`${error.message} by --lr; ${saved}`, options);
  }
  const why = hasDiverged ? `${error.message} by --lr` : describeFailure(error, run.path);
  if (step === 0) {
    run.discard();
    const left = existsSync(run.path) ? '' : ', and no run folder is left';
    return new UserError(`${why}; nothing was learned yet${left}`, options);
  }
  const path = saveSomewhere(run, toSave);
  const which = isBest ? `its best validation, step ${step},` : 'that step';
  const saved =
    path === undefined
      ? 'the model could not be saved anywhere'
      : `the model of ${which} is saved as ${path}`;
  const what = hasDiverged ? why : `the run stopped after step ${lastStep}: ${why}`;
  return new UserError(`${what}; ${saved}`, options);
}

/** @returns where; undefined when there is no room */
function saveSomewhere({ lock, model }: HeldRunFolder, toSave: ModelToSave): string | undefined {
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
