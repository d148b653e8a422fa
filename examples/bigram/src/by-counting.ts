import { Generator } from '@llm101/random';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Bigram } from './bigram.js';

/**
 * The bigram model whose probabilities are the shares of the counts: its scores are their logarithms, as softmax doesn't
 * mind what is added to a row.
 *
 * @param counts - `[V, V]`, above 0
 */
export function byCounting(counts: readonly number[][]): Bigram {
  const model = new Bigram(counts.length, Generator.seeded(0)); // whose draws are written over
  tidy(() => model.table.weight.assign(tensor2d(counts.map((row) => row.map(Math.log)))));
  return model;
}
