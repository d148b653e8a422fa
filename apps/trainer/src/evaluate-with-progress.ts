import { evaluate, type Evaluation, type NextTokenCounts, type Trainable } from '@llm101/training';
import type { Output } from './output.js';

/** Measures a model, and says how far it is. */
export async function evaluateWithProgress(
  model: Trainable,
  windows: NextTokenCounts,
  output: Output,
): Promise<Evaluation> {
  const progress = output.progress('evaluating');
  try {
    return await evaluate(model, windows, { onProgress: progress.update });
  } finally {
    progress.end();
  }
}
