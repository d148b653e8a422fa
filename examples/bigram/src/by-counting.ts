import { DataLoader, type NextTokenDataset } from '@llm101/data';
import { tallyPairs } from '@llm101/info-theory';
import { Generator } from '@llm101/random';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Bigram } from './bigram.js';

/**
 * How often each symbol follows each, plus one: so that a pair that didn't occur isn't impossible (Laplace's rule).
 *
 * @param pairs - windows of one symbol
 * @returns `[V, V]`
 */
export function countPairs(pairs: NextTokenDataset, vocabSize: number): number[][] {
  const [{ inputs, targets }] = new DataLoader(pairs, { batchSize: pairs.length });
  const counts = tallyPairs({ x: inputs, y: targets, rows: vocabSize, columns: vocabSize });
  return counts.map((row) => Array.from(row, (count) => count + 1));
}

/**
 * The bigram model whose probabilities are the fractions of the counts: its scores are their logarithms, as softmax ignores
 * what is added to a row.
 *
 * @param counts - `[V, V]`, above 0
 */
export function byCounting(counts: readonly number[][]): Bigram {
  const model = new Bigram(counts.length, Generator.seeded(0)); // whose draws are overwritten
  tidy(() => model.table.weight.assign(tensor2d(counts.map((row) => row.map(Math.log)))));
  return model;
}
