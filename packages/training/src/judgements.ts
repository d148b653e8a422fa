import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { Compiled } from './compile.js';
import { NextTokenCounts } from './next-token-counts.js';
import type { Tally } from './tally.js';

/** What a model is judged by: a pass of batches, or the distinct contexts of a data set. */
export type EvaluationData = Iterable<Batch> | NextTokenCounts;

/** `[B, T]` tokens to `[B, V]` log-probabilities. */
type Scores = Compiled<[Tensor2D], Tensor2D>;

/** Contexts that a model gets at once: its activations stay in the cache (256 of an MLP's are a tenth faster than 1000). */
const CHUNK = 256;

/** Judges all of the data, a piece at each step of the iterator. */
export function judgements(scores: Scores, data: EvaluationData, tally: Tally): Iterable<void> {
  return data instanceof NextTokenCounts
    ? judgeCounts(scores, data, tally)
    : judgeBatches(scores, data, tally);
}

function* judgeBatches(scores: Scores, batches: Iterable<Batch>, tally: Tally) {
  for (const { inputs, targets, size: B, contextSize: T } of batches) {
    const rows = scores.read({ values: inputs, shape: [B, T] }); // [B, V]
    const V = rows.length / B;
    for (let row = 0; row < B; row++) {
      tally.judge(rows, row * V, V);
      tally.count(targets[row], 1);
    }
    yield;
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
    yield;
  }
}
