import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@llm101/runs';
import { DivergenceError } from '@llm101/training';
import { writeFileWholeSync } from '@llm101/training/node';
import { describeFailure, RunFailed } from '../terminal/errors.js';
import type { LockedRunFolder } from './run-folder.js';

/**
 * Saves what a failed run has learned, of one whose GPU is lost what was brought from there last: in its folder, or where that is full or no longer its own, in the folder for
 * temporary files. A model that has diverged is saved only if it has the weights of its best validation; a run that has
 * learned nothing leaves no folder.
 *
 * @returns the error to end with, which says where the model is and what to do
 */
export function rescueModel(
  error: unknown,
  folder: LockedRunFolder,
  run: Pick<Run, 'outcome' | 'save'>,
): Error {
  const options = { cause: error };
  const { step: lastStep, modelStep, best } = run.outcome;
  const isBest = best !== undefined;
  const hasDiverged = error instanceof DivergenceError;
  const result = (model: string | null): object => ({
    runDir: folder.path,
    step: lastStep,
    diverged: hasDiverged,
    ...(hasDiverged && { loss: error.loss }),
    model,
  });
  if (hasDiverged && !isBest) {
    const saved = `${folder.metrics} has what was logged, no model is saved`;
    return new RunFailed(`${error.message} by --lr; ${saved}`, result(null), options);
  }
  const why = hasDiverged ? `${error.message} by --lr` : describeFailure(error, folder.path);
  if (modelStep === 0 && lastStep > 0) {
    const lost = `the run stopped after step ${lastStep}: ${why}`;
    return new RunFailed(`${lost}; what it learned is lost with it`, result(null), options);
  }
  if (modelStep === 0) {
    folder.discard();
    const left = existsSync(folder.path) ? '' : ', and no run folder is left';
    return new RunFailed(`${why}; nothing was learned yet${left}`, result(null), options);
  }
  const path = saveSomewhere(folder, run);
  const own = modelStep === lastStep ? 'that step' : `step ${modelStep}`;
  const which = isBest ? `its best validation, step ${modelStep},` : own;
  const saved =
    path === undefined
      ? 'the model could not be saved anywhere'
      : `the model of ${which} is saved as ${path}`;
  const what = hasDiverged ? why : `the run stopped after step ${lastStep}: ${why}`;
  return new RunFailed(`${what}; ${saved}`, result(path ?? null), options);
}

/** @returns the path; undefined when there is no room */
function saveSomewhere(
  { lock, model }: LockedRunFolder,
  run: Pick<Run, 'save'>,
): string | undefined {
  if (lock.isHeld() && save(model, run)) return model;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'llm101-'));
    const path = join(folder, 'model.safetensors');
    if (save(path, run)) return path;
    rmSync(folder, { recursive: true });
  } catch {
    // no temporary folder either
  }
  return undefined;
}

function save(path: string, run: Pick<Run, 'save'>): boolean {
  try {
    writeFileWholeSync(path, run.save());
    return true;
  } catch {
    return false;
  }
}
