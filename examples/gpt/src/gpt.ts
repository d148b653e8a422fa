import {
  Dropout,
  Embedding,
  LayerNorm,
  Linear,
  Module,
  positionIds,
  segmentStarts,
  TransformerBlock,
} from '@llm101/models';
import type { LanguageModel, Mode } from '@llm101/models';
import type { Generator } from '@llm101/random';
import { add, reshape, slice } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** Sizes of a {@link GPT}. */
export interface GPTSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** How many positions of a text have a vector; a text, its begin counted in, must not be longer. */
  readonly contextSize: number;
  /** C: numbers that represent a position in every layer. */
  readonly channels: number;
  readonly heads: number;
  readonly layers: number;
  /** Fraction of the embedding, and of what each half of a layer adds, that is left out in training; default: 0. */
  readonly dropout?: number;
}

/**
 * A GPT: a vector for each symbol and one for its position, layers in which every position gathers from those before it and
 * then computes by itself, and scores of what follows.
 *
 * Token 0 starts a sequence: no position sees what is before it, and positions are counted from it.
 *
 * Source: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"
 */
export class GPT extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Positions are counted from token 0: padding before it makes no difference. */
  readonly padsContexts = true;
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly layers: readonly TransformerBlock[];
  readonly norm: LayerNorm;
  readonly head: Linear;
  readonly dropout: Dropout;

  /** @param generator - draws the initial values, in the order of the layers */
  constructor(sizes: GPTSizes, generator: Generator) {
    super();
    const { vocabSize, contextSize, channels, heads, layers, dropout = 0 } = sizes;
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, channels, generator);
    this.positions = new Embedding(contextSize, channels, generator);
    this.layers = Array.from(
      { length: layers },
      () => new TransformerBlock({ channels, heads, dropout }, generator),
    );
    this.norm = new LayerNorm(channels);
    this.head = new Linear(channels, vocabSize, generator);
    this.dropout = new Dropout(dropout, generator);
  }

  /**
   * Scores of what follows each position.
   *
   * @param tokens - `[B, T]` int32; T is free, as long as no text in a row is longer than the context
   * @returns `[B, T, V]`
   */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    return this.head.forward(this.#read(tokens, mode)); // [B, T, V]
  }

  /** Scores of what follows each row: `[B, T]` tokens to `[B, V]`. */
  logits(tokens: Tensor2D): Tensor2D {
    const x = this.#read(tokens, 'evaluation'); // [B, T, C]
    const [B, T, C] = x.shape;
    return this.head.forward(reshape<Rank.R2>(slice(x, [0, T - 1, 0], [B, 1, C]), [B, C])); // [B, V]
  }

  #read(tokens: Tensor2D, mode: Mode): Tensor3D {
    const starts = segmentStarts(tokens); // [B, T]
    const symbols = this.embedding.forward(tokens); // [B, T, C]
    const positions = this.positions.forward(positionIds(starts)); // [B, T, C]
    let x = this.dropout.forward(add<Tensor3D>(symbols, positions), mode);
    for (const layer of this.layers) x = layer.forward(x, { starts, mode });
    return this.norm.forward(x); // [B, T, C]
  }
}
