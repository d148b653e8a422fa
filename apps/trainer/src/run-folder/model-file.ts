import { NextTokenDataset, type TokenLines } from '@llm101/data';
import {
  chooseWorkers,
  multiplicationsOfWindow,
  openModel,
  type ReplicaData,
  type SavedModel,
  type Settings,
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
  const file = readModel(path);
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
const MOST_MODEL_BYTES = 1_000_000_000;

function readModel(path: string): Uint8Array<ArrayBuffer> {
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
  /** Threads that score; as many as are worth while where it is left open. */
  readonly workers: Settings['workers'];
  readonly output: Output;
}

/** Evaluates a saved model on each token of some lines, and shows the progress. */
export async function evaluateSaved(
  { config, model, tokenizer }: SavedModel,
  lines: readonly string[] | TokenLines,
  { workers: asked, output }: EvaluateSavedOptions,
): Promise<Evaluation> {
  const windows = new NextTokenDataset(lines, tokenizer, model.contextSize);
  const counts = new NextTokenCounts(windows, tokenizer.vocabSize);
  const count = chooseWorkers(
    asked,
    counts.length * multiplicationsOfWindow(config, model.contextSize),
  );
  const data: ReplicaData = { config };
  const workers = count === 1 ? undefined : await startWorkers({ count, spawn: startThread, data });
  try {
    return await evaluateWithProgress(model, counts, {
      output,
      compile: compilePlain,
      ...(workers && { workers }),
    });
  } finally {
    await workers?.close();
  }
}
