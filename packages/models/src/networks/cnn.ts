import { relu, reshape, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes, checkTokens } from '../checks.js';
import type { LanguageModel, ModelSizes } from '../language-model.js';
import { Conv1d } from '../layers/convolutions.js';
import { Embedding, Linear } from '../layers/linear.js';
import { Module } from '../module.js';

/**
 * The lecture's convolutional network: log2(T) convolutions that look at pairs and halve the time axis, 16 → 8 → 4 →
 * 2 → 1, each followed by ReLU; then scores.
 *
 * Source: the tree of dilated convolutions in van den Oord et al. (2016), "WaveNet", https://arxiv.org/abs/1609.03499
 */
export class CNN extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Its windows have T tokens. */
  readonly padsContexts = true;
  /** `[V, C]`: a vector for each symbol. */
  readonly embedding: Embedding;
  /** Convolutions, one after the other, each with a ReLU. */
  readonly layers: readonly Conv1d[];
  /** From what the last convolution leaves to the scores. */
  readonly linear: Linear;

  /**
   * @param generator - draws the initial values, in the order of the layers
   * @throws RangeError when a size isn't a whole number of at least 1, or contextSize is no power of two from 2 on
   */
  constructor(sizes: ModelSizes, generator: Generator) {
    super();
    checkSizes('CNN', sizes);
    const { vocabSize, contextSize, dEmbed, dHidden } = sizes;
    const depth = halvings(contextSize);
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, dEmbed, generator);
    this.layers = Array.from({ length: depth }, (_, i) => {
      const inChannels = i === 0 ? dEmbed : dHidden;
      return new Conv1d({ inChannels, outChannels: dHidden, kernelSize: 2, stride: 2 }, generator);
    });
    this.linear = new Linear(dHidden, vocabSize, generator);
  }

  logits(tokens: Tensor2D): Tensor2D {
    const [B] = checkTokens('CNN', tokens, this.contextSize);
    let x = this.embedding.forward(tokens); // [B, T, C]
    for (const layer of this.layers) x = relu(layer.forward(x)); // [B, T/2, H], [B, T/4, H], …
    const last = reshape<Rank.R2>(x, [B, x.size / B]); // [B, H]
    return this.linear.forward(last); // [B, V]
  }
}

/**
 * Parameters of {@link CNN}: `V C + (2 C + 1) H + (log2 T - 1) (2 H + 1) H + (H + 1) V`, 27,827 for V = 27, T = 16,
 * C = 8, H = 64.
 *
 * @throws RangeError when a size isn't a whole number of at least 1, or contextSize is no power of two from 2 on
 */
export function cnnParameterCount(sizes: ModelSizes): number {
  checkSizes('cnnParameterCount', sizes);
  const { vocabSize: V, contextSize: T, dEmbed: C, dHidden: H } = sizes;
  return V * C + (2 * C + 1) * H + (halvings(T) - 1) * (2 * H + 1) * H + (H + 1) * V;
}

/**
 * log2(contextSize): how often a context can be halved until one value is left.
 *
 * @throws RangeError when contextSize is no power of two from 2 on
 */
function halvings(contextSize: number): number {
  const depth = Math.log2(contextSize);
  if (!Number.isInteger(depth) || depth < 1) {
    const below = 2 ** Math.max(1, Math.floor(depth));
    throw new RangeError(
      `CNN: contextSize must be a power of two of at least 2, as each layer halves it; got ${contextSize}, try ${below} or ${below * 2}`,
    );
  }
  return depth;
}
