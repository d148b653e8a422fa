import {
  type Compile,
  evaluate,
  type Evaluation,
  type EvaluationData,
  type Trainable,
} from '@llm101/training';
import type { Output } from '../../terminal/output.js';

/** How {@link evaluateWithProgress} goes about it. */
export interface EvaluateWithProgressOptions {
  readonly output: Output;
  /** The way to run the model; unless given, as it is. */
  readonly compile?: Compile;
}

/** Measures a model, and says how far it is. */
export async function evaluateWithProgress(
  model: Trainable,
  data: EvaluationData,
  { output, ...options }: EvaluateWithProgressOptions,
): Promise<Evaluation> {
  const progress = output.progress('evaluating');
  try {
    return await evaluate(model, data, { ...options, onProgress: progress.update });
  } finally {
    progress.end();
  }
}
