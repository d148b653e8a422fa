import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { Compiled } from '../step/compile.js';
import { NextTokenCounts } from './next-token-counts.js';

/** What a model is judged by: a pass of batches, or the distinct contexts of a data set. */
export type EvaluationData = Iterable<Batch> | NextTokenCounts;

/** `[B, T]` tokens to log-probabilities, `[N, V]`: a row for each target. */
type Scores = Compiled<[Tensor2D], Tensor2D>;

/** Contexts that a model gets at once: so few that what its layers make stays in the cache. */
const CHUNK = 256;

/** Judges all of the data, a piece at each step of the iterator, which gives how many windows or contexts are judged. */
export function judgements(scores: Scores, data: EvaluationData, tally: Tally): Iterable<number> {
  return data instanceof NextTokenCounts
    ? judgeCounts(scores, data, tally)
    : judgeBatches(scores, data, tally);
}

function* judgeBatches(scores: Scores, batches: Iterable<Batch>, tally: Tally) {
  for (const { inputs, targets, weights, size: B, contextSize: T } of batches) {
    const rows = scores.read({ values: inputs, shape: [B, T] }); // [N, V]
    const [N, V] = [targets.length, rows.length / targets.length];
    if (!Number.isInteger(V)) throw unequalRows(rows.length, N);
    for (let row = 0; row < N; row++) {
      const times = weights?.[row] ?? 1;
      if (times === 0) continue;
      tally.judge(rows, row * V, V);
      tally.count(targets[row], times);
    }
    yield tally.examples;
  }
}

function* judgeCounts(scores: Scores, data: NextTokenCounts, tally: Tally) {
  const { length, contextSize: T, vocabSize: V, firstFollower, followers, times } = data;
  for (let first = 0; first < length; first += CHUNK) {
    const end = Math.min(first + CHUNK, length);
    const values = data.contexts(first, end);
    const rows = scores.read({ values, shape: [end - first, T] }); // [B, V]
    for (let row = first; row < end; row++) {
      tally.judge(rows, (row - first) * V, V);
      for (let i = firstFollower[row]; i < firstFollower[row + 1]; i++) {
        tally.count(followers[i], times[i]);
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

/** Adds up how well log-probabilities foretell symbols, in double: `judge` a row, then `count` what came after it. */
export class Tally {
  examples = 0;
  /** Sum of cross-entropies, in nats. */
  loss = 0;
  correct = 0;
  #row: ArrayLike<number> = [];
  #start = 0;
  #likeliest = 0;

  /** Takes `V` log-probabilities from `start` on. The first of equal ones is the likeliest. */
  judge(row: ArrayLike<number>, start: number, V: number): void {
    let best = start;
    for (let i = start + 1; i < start + V; i++) if (row[i] > row[best]) best = i;
    this.#row = row;
    this.#start = start;
    this.#likeliest = best - start;
  }

  /** Symbol `v` came so many times after the row judged last. */
  count(v: number, times: number): void {
    this.examples += times;
    this.loss -= times * this.#row[this.#start + v];
    if (v === this.#likeliest) this.correct += times;
  }
}
