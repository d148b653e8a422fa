import { relu, reshape, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes, checkTokens } from '../checks.js';
import type { LanguageModel, ModelSizes } from '../language-model.js';
import { Embedding, Linear } from '../layers/linear.js';
import { Module } from '../module.js';

/**
 * The lecture's multi-layer perceptron: the embeddings of all T tokens side by side, one hidden layer, scores.
 *
 * Source: Bengio et al. (2003), "A Neural Probabilistic Language Model", https://jmlr.org/papers/v3/bengio03a.html
 */
export class MLP extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Its windows have T tokens. */
  readonly padsContexts = true;
  /** `[V, C]`: a vector for each symbol. */
  readonly embedding: Embedding;
  /** From `T C` numbers to `H`; a ReLU follows. */
  readonly linear1: Linear;
  /** From `H` to the scores of `V` symbols. */
  readonly linear2: Linear;

  /**
   * @param generator - draws the initial values, in the order of the layers
   * @throws RangeError when a size isn't a whole number of at least 1
   */
  constructor(sizes: ModelSizes, generator: Generator) {
    super();
    checkSizes('MLP', sizes);
    const { vocabSize, contextSize, dEmbed, dHidden } = sizes;
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, dEmbed, generator);
    this.linear1 = new Linear(contextSize * dEmbed, dHidden, generator);
    this.linear2 = new Linear(dHidden, vocabSize, generator);
  }

  logits(tokens: Tensor2D): Tensor2D {
    const [B, T] = checkTokens('MLP', tokens, this.contextSize);
    const embedded = this.embedding.forward(tokens); // [B, T, C]
    const flat = reshape<Rank.R2>(embedded, [B, T * embedded.shape[2]]); // [B, T C]
    const hidden = relu(this.linear1.forward(flat)); // [B, H]
    return this.linear2.forward(hidden); // [B, V]
  }
}

/**
 * Parameters of {@link MLP}: `V C + (T C + 1) H + (H + 1) V`, 10,443 for V = 27, T = 8, C = 16, H = 64.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function mlpParameterCount(sizes: ModelSizes): number {
  checkSizes('mlpParameterCount', sizes);
  const { vocabSize: V, contextSize: T, dEmbed: C, dHidden: H } = sizes;
  return V * C + (T * C + 1) * H + (H + 1) * V;
}
