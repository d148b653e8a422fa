import { add, cast, oneHot, relu, reshape, split } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel, Mode, TokenStream } from '../language-model.js';
import { DilatedConv1d } from '../layers/convolutions.js';
import { checkDropoutRate, Dropout } from '../layers/dropout.js';
import { Embedding, Linear } from '../layers/linear.js';
import { lookBackInRow, lookBackInSequence, type LookBack } from '../layers/look-back.js';
import { Module } from '../module.js';
import { GatedLayer } from './gated-layer.js';
import { WaveNetStream } from './wave-net-stream.js';

/** Sizes of a {@link WaveNet}. */
export interface WaveNetSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** C: channels of every layer, and of the embedding. */
  readonly channels: number;
  /** S: channels of the skip connections and of the head; default: C. */
  readonly skipChannels?: number;
  /** Layers of a block, with dilations 1, 2, 4, … */
  readonly depth: number;
  /** How often the block is repeated; default: 1. */
  readonly blocks?: number;
  /** k: positions that a convolution sees; default: 2. */
  readonly kernelSize?: number;
  /** Whether symbols enter as learned vectors (the default), or as one-hot rows through a causal convolution as in the paper. */
  readonly input?: 'embedding' | 'oneHot';
  /** Whether each layer normalises what it reads; default: false. */
  readonly layerNorm?: boolean;
  /** Fraction of gated values left out in training; default: 0. */
  readonly dropout?: number;
  /** Whether token 0 begins a sequence (the default); else a row is a stretch of one text, and all tokens are alike. */
  readonly separated?: boolean;
}

/**
 * WaveNet: layers of gated, causal convolutions whose dilation doubles, 1, 2, 4, …, so that the field they see does too;
 * residual connections from layer to layer, skip connections from each to a head of two layers. It scores every position
 * of a row at once.
 *
 * Token 0 begins a sequence: no position sees what is before it. So a sequence has the same scores alone, after
 * padding and after another sequence in the same row. Where sequences aren't separated, all that a row holds is seen.
 *
 * Source: van den Oord et al. (2016), "WaveNet", https://arxiv.org/abs/1609.03499
 */
export class WaveNet extends Module implements LanguageModel {
  readonly vocabSize: number;
  /** Whether token 0 begins a sequence, so that padding before it makes no difference. */
  readonly padsContexts: boolean;
  readonly streamCopies = true;
  /** How many tokens, the last one included, decide a score: `1 + Σ dilation (k - 1)`. */
  readonly receptiveField: number;
  /** What a symbol becomes: a vector, or what a convolution makes of its one-hot row. */
  readonly embedding: Embedding | DilatedConv1d;
  /** Gated convolutions, one after the other. */
  readonly layers: readonly GatedLayer[];
  /** The first layer of the head, from the skip connections. */
  readonly hidden: Linear;
  /** The second layer of the head, to the scores. */
  readonly head: Linear;
  /** One for each gated convolution; none without dropout. */
  readonly dropouts: readonly Dropout[];

  /**
   * @param generator - draws the initial values, in the order of the layers, then the seeds of dropout, if there is any
   * @throws RangeError when a size isn't a whole number of at least 1, or dropout isn't from 0 to below 1
   */
  constructor(sizes: WaveNetSizes, generator: Generator) {
    super();
    const { vocabSize, channels, skipChannels = channels, depth, blocks = 1 } = sizes;
    const { kernelSize = 2, input = 'embedding', layerNorm = false, dropout = 0 } = sizes;
    const { separated = true } = sizes;
    checkSizes('WaveNet', { vocabSize, channels, skipChannels, depth, blocks, kernelSize });
    checkDropoutRate(dropout);
    this.vocabSize = vocabSize;
    this.padsContexts = separated;
    const oneHotSizes = { inChannels: vocabSize, outChannels: channels, kernelSize };
    this.embedding =
      input === 'oneHot'
        ? new DilatedConv1d(oneHotSizes, generator)
        : new Embedding(vocabSize, channels, generator);
    this.layers = Array.from({ length: depth * blocks }, (_, i) => {
      const [dilation, isLast] = [2 ** (i % depth), i === depth * blocks - 1];
      const own = { channels, skipChannels, kernelSize, dilation, layerNorm, isLast };
      return new GatedLayer(own, generator);
    });
    this.hidden = new Linear(skipChannels, skipChannels, generator);
    this.head = new Linear(skipChannels, vocabSize, generator);
    const withDropout = dropout === 0 ? [] : this.layers;
    this.dropouts = withDropout.map(() => new Dropout(dropout, generator.nextUint32()));
    this.receptiveField = this.#convolutions().reduce((sum, { reach }) => sum + reach, 1);
  }

  /** The receptive field: a longer row has the same scores. */
  get contextSize(): number {
    return this.receptiveField;
  }

  /**
   * Scores for the token that follows each row; `T` is free.
   *
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[B, V]`
   */
  logits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    const skips = this.#skips(tokens, mode); // [B, T, S]
    const [B, T, S] = skips.shape;
    const last = T === 1 ? skips : split<Tensor3D>(skips, [T - 1, 1], 1)[1]; // [B, 1, S]
    return this.#scores(reshape<Rank.R2>(last, [B, S]));
  }

  /**
   * Scores for the token that follows each position.
   *
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   * @returns `[B, T, V]`
   */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    const skips = this.#skips(tokens, mode); // [B, T, S]
    const [B, T, S] = skips.shape;
    const scores = this.#scores(reshape<Rank.R2>(skips, [B * T, S])); // [B T, V]
    return reshape<Rank.R3>(scores, [B, T, this.vocabSize]);
  }

  /** Reads `rows` sequences token by token, with the parameters as they are now. */
  stream(rows: number): TokenStream {
    return new WaveNetStream(this, rows);
  }

  /** The sum of the skip connections, `[B, T, S]`. */
  #skips(
    tokens: Tensor2D,
    mode: Mode,
    seen?: (input: Tensor3D, gated: Tensor3D) => void,
  ): Tensor3D {
    const lookBack = this.padsContexts ? lookBackInSequence(tokens) : lookBackInRow;
    let x = this.#embed(tokens, lookBack); // [B, T, C]
    let sum: Tensor3D | undefined;
    for (const [i, layer] of this.layers.entries()) {
      const dropout = (gated: Tensor3D) => {
        seen?.(x, gated);
        return this.dropouts.at(i)?.forward(gated, mode) ?? gated;
      };
      const { next, skip } = layer.forward(x, { lookBack, dropout });
      sum = sum === undefined ? skip : add<Tensor3D>(sum, skip); // [B, T, S]
      x = next; // [B, T, C]
    }
    return sum ?? x;
  }

  /**
   * Shows what each layer gets and its gated values, `[B, T, C]` both, the first layer's first.
   *
   * @param tokens - `[B, T]` int32
   */
  showLayers(tokens: Tensor2D, see: (input: Tensor3D, gated: Tensor3D) => void): void {
    this.#skips(tokens, 'evaluation', see);
  }

  #embed(tokens: Tensor2D, lookBack: LookBack): Tensor3D {
    const { embedding } = this;
    if (embedding instanceof Embedding) return embedding.forward(tokens);
    const rows = cast(oneHot(tokens, this.vocabSize), 'float32') as Tensor3D; // [B, T, V]
    return embedding.convolve(rows, lookBack);
  }

  #scores(skips: Tensor2D): Tensor2D {
    return this.head.forward(relu(this.hidden.forward(relu(skips)))); // [B T, V]
  }

  #convolutions(): DilatedConv1d[] {
    const gates = this.layers.map((layer) => layer.gates);
    return this.embedding instanceof DilatedConv1d ? [this.embedding, ...gates] : gates;
  }
}

/**
 * Parameters of {@link WaveNet}, with L = depth · blocks layers: the embedding `V C`, or `(k V + 1) C` for one-hot rows; for
 * each layer the gates `(k C + 1) 2 C`, the skip connection `(C + 1) S`, but for the last the residual one `(C + 1) C`, and
 * `2 C` where it normalises; the head `(S + 1) (S + V)`. 102,811 for V = 27, C = S = 64 and a depth of 4.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function waveNetParameterCount(sizes: WaveNetSizes): number {
  const { vocabSize: V, channels: C, skipChannels: S = C, depth, blocks = 1 } = sizes;
  const { kernelSize: k = 2, input = 'embedding', layerNorm = false } = sizes;
  checkSizes('waveNetParameterCount', {
    vocabSize: V,
    channels: C,
    skipChannels: S,
    depth,
    blocks,
    kernelSize: k,
  });
  const L = depth * blocks;
  const embedding = input === 'oneHot' ? (k * V + 1) * C : V * C;
  const layer = (k * C + 1) * 2 * C + (C + 1) * S + (layerNorm ? 2 * C : 0);
  return embedding + L * layer + (L - 1) * (C + 1) * C + (S + 1) * (S + V);
}
