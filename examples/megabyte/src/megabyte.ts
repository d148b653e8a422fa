import { Embedding, LayerNorm, Linear, Module, TransformerBlock } from '@llm101/models';
import type { LanguageModel } from '@llm101/models';
import type { Generator } from '@llm101/random';
import { add, concat, reshape, slice, zeros } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** Sizes of a {@link Megabyte}. */
export interface MegabyteSizes {
  readonly vocabSize: number;
  /** T: tokens that it sees, a multiple of P. */
  readonly contextSize: number;
  /** P: tokens of a patch. */
  readonly patchSize: number;
  /** C: numbers for a token; a patch has `P C`. */
  readonly channels: number;
  readonly heads: number;
  /** Blocks over patches. */
  readonly globalLayers: number;
  /** Blocks within a patch. */
  readonly localLayers: number;
}

/**
 * A large model reads patches, each as one vector of its tokens' vectors side by side. A small one writes the tokens of a patch, from
 * those before them in it and from what the large one made of the patches before.
 *
 * Source: Yu et al. (2023), "MEGABYTE: Predicting Million-byte Sequences with Multiscale Transformers",
 * https://arxiv.org/abs/2305.07185
 */
export class Megabyte extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  readonly global: Reader;
  readonly local: Reader;
  readonly head: Linear;
  readonly #patchSize: number;

  /**
   * @param generator - draws the initial values
   * @throws RangeError when the patches don't divide the context
   */
  constructor(sizes: MegabyteSizes, generator: Generator) {
    super();
    const { vocabSize, contextSize, patchSize, channels, heads } = sizes;
    if (contextSize % patchSize !== 0) {
      throw new RangeError(
        `Megabyte: patchSize must divide the context of ${contextSize}; got ${patchSize}`,
      );
    }
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.#patchSize = patchSize;
    const common = { vocabSize, channels, heads };
    const { globalLayers, localLayers } = sizes;
    const large = { ...common, places: contextSize, width: patchSize, layers: globalLayers };
    this.global = new Reader(large, generator);
    this.local = new Reader(
      { ...common, places: patchSize, width: 1, layers: localLayers },
      generator,
    );
    this.head = new Linear(channels, vocabSize, generator);
  }

  /** Scores of what follows each position: `[B, T]` to `[B, T, V]`; T is free up to the context. */
  sequenceLogits(tokens: Tensor2D): Tensor3D {
    const P = this.#patchSize;
    const [B, T] = tokens.shape;
    const patches = Math.ceil(T / P);
    const missing = patches * P - T;
    const filled =
      missing === 0 ? tokens : concat<Tensor2D>([tokens, zeros([B, missing], 'int32')], 1);
    // Patch k is read when patch k + 1 is written; nothing has been read for the first.
    const before = concat([zeros([B, P], 'int32'), slice(filled, 0, [B, (patches - 1) * P])], 1);
    const read = this.global.forward(this.global.embed(before as Tensor2D, patches)); // [B, T/P, P C]
    const within = reshape<Rank.R2>(filled, [B * patches, P]);
    const embedded = this.local.embed(within, P); // [B T/P, P, C]
    const written = this.local.forward(add(embedded, reshape(read, embedded.shape)));
    const rows = reshape<Rank.R3>(written, [B, patches * P, written.shape[2]]);
    return this.head.forward(slice(rows, [0, 0, 0], [B, T, rows.shape[2]])); // [B, T, V]
  }

  /** Scores of what follows each row: `[B, T]` to `[B, V]`. */
  logits(tokens: Tensor2D): Tensor2D {
    const [B, T] = tokens.shape;
    const last = slice(this.sequenceLogits(tokens), [0, T - 1, 0], [B, 1, this.vocabSize]);
    return reshape<Rank.R2>(last, [B, this.vocabSize]);
  }
}

interface ReaderSizes {
  readonly vocabSize: number;
  readonly channels: number;
  readonly heads: number;
  /** Tokens that have a vector for their place. */
  readonly places: number;
  /** Tokens side by side in a position. */
  readonly width: number;
  readonly layers: number;
}

/** Embeddings, blocks, a norm. */
class Reader extends Module {
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly TransformerBlock[];
  readonly norm: LayerNorm;

  constructor(sizes: ReaderSizes, generator: Generator) {
    super();
    const { vocabSize, channels, heads, places, width, layers } = sizes;
    this.embedding = new Embedding(vocabSize, channels, generator);
    this.positions = new Embedding(places, channels, generator);
    const wide = { channels: channels * width, heads };
    this.blocks = Array.from({ length: layers }, () => new TransformerBlock(wide, generator));
    this.norm = new LayerNorm(channels * width);
  }

  /** Vectors of tokens and of their places, side by side: `[B, T]` to `[B, positions, …]`. */
  embed(tokens: Tensor2D, positions: number): Tensor3D {
    const [B, T] = tokens.shape;
    const places = slice(this.positions.weight, 0, T); // [T, C]
    const x = add<Tensor3D>(this.embedding.forward(tokens), places); // [B, T, C]
    return reshape<Rank.R3>(x, [B, positions, x.size / (B * positions)]);
  }

  forward(x: Tensor3D): Tensor3D {
    let y = x;
    for (const block of this.blocks) y = block.forward(y);
    return this.norm.forward(y);
  }
}
