import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { bitsFromNats, perplexity } from '@llm101/info-theory';
import { breather } from './breather.js';
import { NextTokenCounts } from './next-token-counts.js';
import { Tally } from './tally.js';
import type { Trainable } from './trainable.js';

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

/** What a model is judged by: a pass of batches, or the distinct contexts of a data set. */
export type EvaluationData = Iterable<Batch> | NextTokenCounts;

/** Settings of {@link evaluate}. */
export interface EvaluateOptions {
  /** Told now and then how many windows or contexts are judged, and of how many, where that is known. */
  readonly onProgress?: (judged: number, total: number | undefined) => void;
}

/** Contexts that a model gets at once. */
const CHUNK = 1000;

/**
 * Measures a model. Each window weighs the same, so the size of the batches and a smaller last one make no difference.
 *
 * @throws RangeError when there are no windows, or the loss is NaN
 */
export async function evaluate(
  model: Trainable,
  data: EvaluationData,
  { onProgress = () => {} }: EvaluateOptions = {},
): Promise<Evaluation> {
  const breathe = breather();
  const tally = new Tally();
  const judgements =
    data instanceof NextTokenCounts
      ? judgeCounts(model, data, tally)
      : judgeBatches(model, data, tally);
  const total = data instanceof NextTokenCounts ? data.length : undefined;
  for (const judged of judgements) {
    onProgress(judged, total);
    await breathe();
  }

  if (tally.examples === 0) {
    throw new RangeError('evaluate: there must be at least one batch; got none, check the loader');
  }
  const loss = tally.loss / tally.examples;
  if (Number.isNaN(loss)) {
    throw new RangeError(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
  return {
    examples: tally.examples,
    loss,
    accuracy: tally.correct / tally.examples,
    perplexity: perplexity(loss),
    bitsPerCharacter: bitsFromNats(loss),
  };
}

/** Gives after each batch how many windows are judged. */
function* judgeBatches(model: Trainable, batches: Iterable<Batch>, tally: Tally) {
  for (const { inputs, targets, size: B, contextSize: T } of batches) {
    const logits = logitsOf(model, inputs, [B, T]);
    const V = logits.length / B;
    for (let row = 0; row < B; row++) {
      tally.score(logits, row * V, V);
      tally.count(targets[row], 1);
    }
    yield tally.examples;
  }
}

/** Gives after each chunk how many contexts are judged. */
function* judgeCounts(model: Trainable, data: NextTokenCounts, tally: Tally) {
  const { contexts, counts, length, contextSize: T, vocabSize: V } = data;
  for (let first = 0; first < length; first += CHUNK) {
    const end = Math.min(first + CHUNK, length);
    const logits = logitsOf(model, contexts.subarray(first * T, end * T), [end - first, T]);
    for (let row = first; row < end; row++) {
      tally.score(logits, (row - first) * V, V);
      for (let v = 0; v < V; v++) {
        const times = counts[row * V + v];
        if (times > 0) tally.count(v, times);
      }
    }
    yield end;
  }
}

/** `[B, V]`, row-major. */
function logitsOf(
  model: Trainable,
  tokens: Int32Array,
  shape: [B: number, T: number],
): Float32Array {
  let values: Float32Array = new Float32Array();
  // Nothing is returned from tidy: it would look through every value for tensors, 40 ms a validation.
  tidy(() => {
    values = model.logits(tensor2d(tokens, shape, 'int32')).dataSync<'float32'>();
  });
  return values;
}
