import { reshape, slice, type Rank, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel, ModelSizes } from '../language-model.js';
import { Embedding } from '../layers/linear.js';
import { Module } from '../module.js';
import { loadStateDict } from '../state-dict.js';

/**
 * A table of scores, all that a model can know that sees one symbol: row i says what follows symbol i. Learned by gradients from
 * standard normal scores, or counted: {@link Bigram.fromCounts}.
 */
export class Bigram extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize = 1;
  /** Its windows have one token. */
  readonly padsContexts = true;
  /** `[V, V]` */
  readonly table: Embedding;

  /**
   * @param generator - draws the scores, as `torch.randn(V, V)`
   * @throws RangeError when vocabSize isn't a whole number of at least 1
   */
  constructor({ vocabSize }: Pick<ModelSizes, 'vocabSize'>, generator: Generator) {
    super();
    checkSizes('Bigram', { vocabSize });
    this.vocabSize = vocabSize;
    this.table = new Embedding(vocabSize, vocabSize, generator);
  }

  /**
   * The model whose probabilities are the fractions of counts: its scores are their logarithms, -∞ for what didn't occur. A
   * symbol that nothing follows has even chances.
   *
   * @param counts - `[V V]`, of {@link countBigrams}
   * @param smoothing - added to each count, so that nothing is impossible (1: Laplace's rule); default: 0
   * @throws RangeError when the counts are no square table, or one is negative or not finite
   */
  static fromCounts(counts: ArrayLike<number>, smoothing = 0): Bigram {
    const V = Math.sqrt(counts.length);
    if (!Number.isInteger(V) || V < 1) {
      throw new RangeError(
        `Bigram.fromCounts: counts must be a table of V rows and V columns; got ${counts.length}`,
      );
    }
    const data = new Float32Array(V * V);
    for (let i = 0; i < V; i++) {
      const row = Float64Array.from({ length: V }, (_, j) => counts[i * V + j] + smoothing);
      const wrong = row.findIndex((count) => !(count >= 0 && count < Infinity));
      if (wrong >= 0) {
        throw new RangeError(
          `Bigram.fromCounts: counts with smoothing must be finite and not negative; got ${row[wrong]} for ${wrong} after ${i}`,
        );
      }
      const total = row.reduce((sum, count) => sum + count, 0);
      for (let j = 0; j < V; j++) data[i * V + j] = Math.log(total === 0 ? 1 / V : row[j] / total);
    }
    const model = new Bigram({ vocabSize: V }, Generator.seeded(0)); // whose draws are overwritten
    loadStateDict(model, { 'table.weight': { dtype: 'F32', shape: [V, V], data } });
    return model;
  }

  /** @param tokens - `[B, T]`, of which the last of each row counts */
  logits(tokens: Tensor2D): Tensor2D {
    const [B, T] = tokens.shape;
    const last = T === 1 ? tokens : slice(tokens, [0, T - 1], [B, 1]);
    return reshape<Rank.R2>(this.table.forward(last), [B, this.vocabSize]);
  }

  /** Scores for the token that follows each position: `[B, T]` to `[B, T, V]`. */
  sequenceLogits(tokens: Tensor2D): Tensor3D {
    return this.table.forward(tokens);
  }
}

/**
 * How often each symbol follows each in a text.
 *
 * @param tokens - of one text, 0 … V - 1; lines with token 0 before, between and behind them count as the course's names do
 * @returns `[V V]`, row i for what follows symbol i
 * @throws RangeError when a token is none of the V
 */
export function countBigrams(tokens: ArrayLike<number>, vocabSize: number): Float64Array {
  checkSizes('countBigrams', { vocabSize });
  const counts = new Float64Array(vocabSize * vocabSize);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!Number.isInteger(token) || token < 0 || token >= vocabSize) {
      throw new RangeError(
        `countBigrams: tokens must be from 0 to ${vocabSize - 1}; got ${token} at ${i}`,
      );
    }
    if (i > 0) counts[tokens[i - 1] * vocabSize + token]++;
  }
  return counts;
}

/**
 * Entries of a table of which symbol follows which, the parameters of {@link Bigram}: `V²`, 729 for 27 symbols.
 *
 * @throws RangeError when vocabSize isn't a whole number of at least 1
 */
export function bigramParameterCount(sizes: Pick<ModelSizes, 'vocabSize'>): number {
  checkSizes('bigramParameterCount', { vocabSize: sizes.vocabSize });
  return sizes.vocabSize ** 2;
}
