import type { TextEvaluation } from '@llm101/runs';
import { evaluate } from '@llm101/training';
import type { Compile, Evaluation, EvaluationData, Trainable, Workers } from '@llm101/training';
import { count, type Output } from './output.js';

/** How {@link evaluateWithProgress} runs the model. */
export interface EvaluateWithProgressOptions {
  readonly output: Output;
  /** Default: `interpret`. */
  readonly compile?: Compile;
  /** Threads that score beside this one. */
  readonly workers?: Workers;
}

/** Evaluates a model and shows the progress. */
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

/** The figures of a validation, one a line. */
export function describeEvaluation(evaluation: TextEvaluation): string[] {
  const { examples, loss, accuracy, perplexity, bitsPerCharacter, bitsPerByte } = evaluation;
  const { answers, answerAccuracy } = evaluation;
  return [
    `examples          ${count(examples)}`,
    `loss              ${loss.toFixed(4)} nats`,
    `accuracy          ${(100 * accuracy).toFixed(1)} %`,
    `perplexity        ${perplexity.toFixed(2)}`,
    `bits a character  ${bitsPerCharacter.toFixed(4)}`,
    `bits a byte       ${bitsPerByte.toFixed(4)}`,
    ...(answers === undefined || answerAccuracy === undefined
      ? []
      : [`whole answers     ${(100 * answerAccuracy).toFixed(1)} % of ${count(answers)}`]),
  ];
}
