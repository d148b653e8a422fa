import {
  chooseWorkers,
  evaluationOf,
  examplesOf,
  multiplicationsOfWindow,
  openModel,
  type ReplicaData,
  type SavedModel,
  type Settings,
  type TextPart,
  UserError,
} from '@llm101/runs';
import { type Evaluation, NextTokenCounts, startWorkers } from '@llm101/training';
import { readFileWithin } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { describeFileError } from '../terminal/errors.js';
import { evaluateWithProgress } from '../terminal/evaluation.js';
import type { Output } from '../terminal/output.js';
import { compilePlain } from '../threads/plain.js';
import { startThread } from '../threads/start.js';
import { runFolder } from './paths.js';

/** A model, and the file that it was read from. */
export interface ModelOfRun extends SavedModel {
  readonly file: Uint8Array<ArrayBuffer>;
}

/**
 * Starts the backend and opens the model of a run.
 *
 * @throws UserError when the file can't be read, is damaged, or is another program's
 */
export async function openModelOfRun(runDir: string): Promise<ModelOfRun> {
  await startBackend();
  const { model: path } = runFolder(runDir);
  const file = readModelFile(path);
  try {
    return { file, ...openModel(file) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `${path} must be a whole model.safetensors of llm101: ${why}; train it again, or take it from a copy`,
      { cause },
    );
  }
}

/** A hundred million parameters of four bytes, the most that a model may have, and room for what else is in the file. */
export const MOST_MODEL_BYTES = 1_000_000_000;

/** @throws UserError when it can't be read, or is larger than any model */
export function readModelFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileWithin(path, MOST_MODEL_BYTES);
  } catch (cause) {
    throw new UserError(
      `there is no model to read at ${path}: ${describeFileError(cause)}; name the folder of a run`,
      { cause },
    );
  }
}

/** How {@link evaluateSaved} evaluates. */
export interface EvaluateSavedOptions {
  /** Tokens that are scored at most, about, spread evenly over the text. Default: all. */
  readonly most?: number | undefined;
  /** Threads that score; as many as are worth while where it is left open. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** Evaluates a saved model on each token of a text, or on some of a long one, and shows the progress. */
export async function evaluateSaved(
  { config, model, tokenizer }: SavedModel,
  part: TextPart,
  { most, workers: asked, output }: EvaluateSavedOptions,
): Promise<Evaluation> {
  const { contextSize } = model;
  const examples = examplesOf(config.type);
  const data = evaluationOf(config.type, part, { tokenizer, contextSize, most });
  const scored = Math.min(most ?? Infinity, part.tokens.length);
  const tokens = data instanceof NextTokenCounts ? data.length * contextSize : scored;
  const count = chooseWorkers(asked, multiplicationsOfWindow(config, tokens));
  const replica: ReplicaData = { config };
  const workers =
    count === 1 ? undefined : await startWorkers({ count, spawn: startThread, data: replica });
  try {
    return await evaluateWithProgress(examples.trained(model), data, {
      output,
      compile: compilePlain,
      ...(workers && { workers }),
    });
  } finally {
    await workers?.close();
  }
}
