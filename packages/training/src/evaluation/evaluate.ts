import { logSoftmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { bitsFromNats, perplexity } from '@llm101/info-theory';
import type { Batch } from '@llm101/data';
import { eventLoopYielder } from '../event-loop.js';
import { interpret, type Compile, type Compiled } from '../step/compile.js';
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
 * @throws RangeError when there are no windows, or the loss is NaN
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
  const scores = compile((tokens: Tensor2D) => logSoftmax(model.logits(tokens))); // [B, V]
  return {
    async evaluate(data, onProgress) {
      const yieldToOthers = eventLoopYielder();
      const totals = new Totals();
      const total = data instanceof NextTokenCounts ? data.length : undefined;
      for (const scored of scoreData(scores, data, totals)) {
        onProgress?.(scored, total);
        await yieldToOthers();
      }
      return summary(totals);
    },
    dispose: () => scores.dispose(),
  };
}

/** `[B, T]` tokens to log-probabilities, `[N, V]`: a row for each target. */
type Scores = Compiled<[Tensor2D], Tensor2D>;

/** Contexts that a model gets at once: few enough for what its layers make to stay in the cache. */
const CHUNK = 256;

/** Scores all of the data, a piece at each step of the iterator, which gives the number of windows or contexts so far. */
function scoreData(scores: Scores, data: EvaluationData, totals: Totals): Iterable<number> {
  return data instanceof NextTokenCounts
    ? scoreCounts(scores, data, totals)
    : scoreBatches(scores, data, totals);
}

function* scoreBatches(scores: Scores, batches: Iterable<Batch>, totals: Totals) {
  for (const { inputs, targets, weights, size: B, contextSize: T } of batches) {
    const rows = scores.read({ values: inputs, shape: [B, T] }); // [N, V]
    const [N, V] = [targets.length, rows.length / targets.length];
    if (!Number.isInteger(V)) throw unequalRows(rows.length, N);
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
  const { length, contextSize: T, vocabSize: V, firstFollower, followers, times } = data;
  for (let first = 0; first < length; first += CHUNK) {
    const end = Math.min(first + CHUNK, length);
    const values = data.contexts(first, end);
    const rows = scores.read({ values, shape: [end - first, T] }); // [B, V]
    for (let row = first; row < end; row++) {
      totals.setRow(rows, (row - first) * V, V);
      for (let i = firstFollower[row]; i < firstFollower[row + 1]; i++) {
        totals.add(followers[i], times[i]);
      }
    }
    yield end;
  }
}

const unequalRows = (scores: number, targets: number): RangeError =>
  new RangeError(
    `evaluate: there must be a row of scores for each target; got ${scores} scores for ${targets} targets; ` +
      'for whole sequences pass everyPosition(model)',
  );

/** Adds up how well log-probabilities predict symbols, weighted by sample and in double: `setRow`, then `add` what followed. */
class Totals {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;
  #row: ArrayLike<number> = [];
  #start = 0;
  #likeliest = 0;

  /** Takes `V` log-probabilities from `start` on. The first of equal ones is the likeliest. */
  setRow(row: ArrayLike<number>, start: number, V: number): void {
    let best = start;
    for (let i = start + 1; i < start + V; i++) if (row[i] > row[best]) best = i;
    this.#row = row;
    this.#start = start;
    this.#likeliest = best - start;
  }

  /** Symbol `v` followed the row's context `times` times. */
  add(v: number, times: number): void {
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
