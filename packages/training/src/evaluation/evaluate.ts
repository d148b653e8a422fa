import { withBackendHint } from '../backend-hint.js';
import { logSoftmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { bitsFromNats, perplexity } from '@llm101/info-theory';
import type { Batch } from '@llm101/data';
import { eventLoopYielder } from '../event-loop.js';
import { checkBatch, checkScores } from '../checks.js';
import { interpret, type Compile } from '../step/compile.js';
import { NextTokenCounts } from './next-token-counts.js';
import type { Trainable } from '../step/trainable.js';

/** What a model is evaluated on: a pass of batches, or the distinct contexts of a data set. */
export type EvaluationData = Iterable<Batch> | NextTokenCounts;

/** How well a model predicts a data set. */
export interface Evaluation {
  /** Windows that were scored. */
  readonly examples: number;
  /** Mean cross-entropy over all windows, in nats. */
  readonly loss: number;
  /** Fraction of windows whose likeliest next token is the right one. */
  readonly accuracy: number;
  /** `exp(loss)`. */
  readonly perplexity: number;
  /** `loss / ln 2`. */
  readonly bitsPerCharacter: number;
}

/** Called now and then with the number of windows or contexts that are scored, and their total where it is known. */
export type EvaluationProgress = (scored: number, total: number | undefined) => void;

/** Settings of {@link evaluate}. */
export interface EvaluateOptions {
  /** Compiles the model. Default: `interpret`. */
  readonly compile?: Compile;
  /** Called as it goes. */
  readonly onProgress?: EvaluationProgress;
}

/** Evaluates one model, as often as it is asked to. */
export interface Evaluator {
  /** As {@link evaluate} does. */
  evaluate(data: EvaluationData, onProgress?: EvaluationProgress): Promise<Evaluation>;
  /** Frees what was compiled. */
  dispose(): void;
}

/**
 * Measures a model. Each window weighs the same, so the size of the batches and a smaller last one make no difference.
 *
 * @throws RangeError when there are no windows, a batch's arrays don't fit each other, the model doesn't score a row for each
 * target, or the loss is NaN
 */
export async function evaluate(
  model: Trainable,
  data: EvaluationData,
  { compile = interpret, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const once = evaluator(model, compile);
  try {
    return await once.evaluate(data, onProgress);
  } finally {
    once.dispose();
  }
}

/** An {@link Evaluator} that compiles the model once. */
export function evaluator(model: Trainable, compile: Compile): Evaluator {
  let V = 0; // of the model: the same whatever the batch
  const score = (tokens: Tensor2D): Tensor2D => {
    const logits = withBackendHint(() => model.logits(tokens));
    if (logits.shape.length !== 2) checkScores('evaluate', logits.shape, tokens.shape[0]);
    V = logits.shape[1];
    return logSoftmax(logits); // [N, V]
  };
  const logProbabilities = compile(score, { rehearse: 'sometimes' });
  const scores: Scores = {
    read(values, shape, targets) {
      const rows = logProbabilities.read({ values, shape });
      if (rows.length !== targets * V) checkScores('evaluate', [rows.length / V, V], targets);
      return { rows, V };
    },
  };
  return {
    async evaluate(data, onProgress) {
      logProbabilities.rehearse?.();
      const yieldToOthers = eventLoopYielder();
      const totals = new Totals();
      const total = data instanceof NextTokenCounts ? data.length : undefined;
      for (const scored of scoreData(scores, data, totals)) {
        onProgress?.(scored, total);
        await yieldToOthers();
      }
      return summary(totals);
    },
    dispose: () => logProbabilities.dispose(),
  };
}

/** `[B, T]` tokens to log-probabilities, `[N, V]`: a row for each target. */
interface Scores {
  /** @throws RangeError unless the model gives as many rows as there are targets */
  read(
    values: Int32Array,
    shape: [B: number, T: number],
    targets: number,
  ): { readonly rows: ArrayLike<number>; readonly V: number };
}

/** Contexts that a model gets at once: few enough for what its layers make to stay in the cache. */
const CHUNK = 256;

/** Scores all of the data, a piece at each step of the iterator, which gives the number of windows or contexts so far. */
function scoreData(scores: Scores, data: EvaluationData, totals: Totals): Iterable<number> {
  return data instanceof NextTokenCounts
    ? scoreCounts(scores, data, totals)
    : scoreBatches(scores, data, totals);
}

function* scoreBatches(scores: Scores, batches: Iterable<Batch>, totals: Totals) {
  for (const batch of batches) {
    checkBatch('evaluate', batch);
    const { inputs, targets, weights, size: B, contextSize: T } = batch;
    const N = targets.length;
    const { rows, V } = scores.read(inputs, [B, T], N); // [N, V]
    for (let row = 0; row < N; row++) {
      const times = weights?.[row] ?? 1;
      if (times === 0) continue;
      totals.setRow(rows, row * V, V);
      totals.add(targets[row], times);
    }
    yield totals.examples;
  }
}

function* scoreCounts(scores: Scores, data: NextTokenCounts, totals: Totals) {
  const { length, contextSize: T, firstFollower, followers, times } = data;
  for (let first = 0; first < length; first += CHUNK) {
    const end = Math.min(first + CHUNK, length);
    const values = data.contexts(first, end);
    const { rows, V } = scores.read(values, [end - first, T], end - first); // [B, V]
    if (V !== data.vocabSize) {
      throw new RangeError(
        `evaluate: the model must score the ${data.vocabSize} tokens of the data; got ${V} scores a row`,
      );
    }
    for (let row = first; row < end; row++) {
      totals.setRow(rows, (row - first) * V, V);
      for (let i = firstFollower[row]; i < firstFollower[row + 1]; i++) {
        totals.add(followers[i], times[i]);
      }
    }
    yield end;
  }
}

/** Adds up how well log-probabilities predict symbols, weighted by sample and in double: `setRow`, then `add` what followed. */
class Totals {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;
  #row: ArrayLike<number> = [];
  #start = 0;
  #likeliest = 0;
  #V = 0;

  /** Takes `V` log-probabilities from `start` on. The first of equal ones is the likeliest. */
  setRow(row: ArrayLike<number>, start: number, V: number): void {
    let best = start;
    for (let i = start + 1; i < start + V; i++) if (row[i] > row[best]) best = i;
    this.#row = row;
    this.#start = start;
    this.#V = V;
    this.#likeliest = best - start;
  }

  /**
   * Symbol `v` followed the row's context `times` times.
   *
   * @throws RangeError when there is no such symbol
   */
  add(v: number, times: number): void {
    if (!(v >= 0 && v < this.#V)) {
      throw new RangeError(
        `evaluate: targets must be from 0 to ${this.#V - 1}, as the model has ${this.#V} tokens; got ${v}`,
      );
    }
    this.examples += times;
    this.loss -= times * this.#row[this.#start + v];
    if (v === this.#likeliest) this.correct += times;
  }
}

function summary({ examples, loss: sum, correct }: Totals): Evaluation {
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

/** A model has diverged so far that it predicts nothing any more. */
export class NanLossError extends RangeError {
  constructor() {
    super(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
}
