import { logSoftmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { bitsFromNats, perplexity } from '@llm101/info-theory';
import { breather } from '../event-loop.js';
import { interpret, type Compile } from '../step/compile.js';
import { judgements, Tally, type EvaluationData } from './score-data.js';
import { NextTokenCounts } from './next-token-counts.js';
import type { Trainable } from '../step/trainable.js';

/** How well a model predicts a data set. */
export interface Evaluation {
  /** Windows that were judged. */
  readonly examples: number;
  /** Mean cross-entropy over all windows, in nats. */
  readonly loss: number;
  /** Share of windows whose likeliest next token is the right one, 0 … 1. */
  readonly accuracy: number;
  /** `exp(loss)`. */
  readonly perplexity: number;
  /** `loss / ln 2`. */
  readonly bitsPerCharacter: number;
}

/** Told now and then how many windows or contexts are judged, and of how many, where that is known. */
export type EvaluationProgress = (judged: number, total: number | undefined) => void;

/** Settings of {@link evaluate}. */
export interface EvaluateOptions {
  /** The way to run the model; unless given, as it is. */
  readonly compile?: Compile;
  /** Told how far it is. */
  readonly onProgress?: EvaluationProgress;
}

/** Judges a model as often as it is asked to. */
export interface Evaluator {
  /** As {@link evaluate} does. */
  evaluate(data: EvaluationData, onProgress?: EvaluationProgress): Promise<Evaluation>;
  /** Frees what was compiled. */
  dispose(): void;
}

/**
 * Measures a model. Each window weighs the same, so the size of the batches and a smaller last one make no difference.
 *
 * @throws RangeError when there are no windows, or the loss is NaN
 */
export async function evaluate(
  model: Trainable,
  data: EvaluationData,
  { compile = interpret, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const judge = evaluator(model, compile);
  try {
    return await judge.evaluate(data, onProgress);
  } finally {
    judge.dispose();
  }
}

/** An {@link Evaluator} that compiles the model once. */
export function evaluator(model: Trainable, compile: Compile): Evaluator {
  const scores = compile((tokens: Tensor2D) => logSoftmax(model.logits(tokens))); // [B, V]
  return {
    async evaluate(data, onProgress) {
      const breathe = breather();
      const tally = new Tally();
      const total = data instanceof NextTokenCounts ? data.length : undefined;
      for (const judged of judgements(scores, data, tally)) {
        onProgress?.(judged, total);
        await breathe();
      }
      return summary(tally);
    },
    dispose: () => scores.dispose(),
  };
}

function summary({ examples, loss: sum, correct }: Tally): Evaluation {
  if (examples === 0) {
    throw new RangeError('evaluate: there must be at least one batch; got none, check the loader');
  }
  const loss = sum / examples;
  if (Number.isNaN(loss)) throw new NanLossError();
  return {
    examples,
    loss,
    accuracy: correct / examples,
    perplexity: perplexity(loss),
    bitsPerCharacter: bitsFromNats(loss),
  };
}

/** A model has diverged so far that it foretells nothing any more. */
export class NanLossError extends RangeError {
  constructor() {
    super(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
}
