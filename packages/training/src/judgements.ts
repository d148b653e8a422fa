import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { Compiled } from './compile.js';
import { NextTokenCounts } from './next-token-counts.js';
import type { Tally } from './tally.js';

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
  const { contexts, length, contextSize: T, vocabSize: V, firstFollower, followers, times } = data;
  for (let first = 0; first < length; first += CHUNK) {
    const end = Math.min(first + CHUNK, length);
    const values = contexts.subarray(first * T, end * T);
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
