import { add, concat, fill, reshape, slice } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import type { LanguageModel, Mode, TokenStream } from '../language-model.js';
import { Embedding, Linear } from '../layers/linear.js';
import type { LayerNorm, RMSNorm } from '../layers/normalisation.js';
import { Module } from '../module.js';
import { GPTBlock, makeNorm } from './gpt-block.js';
import { resolveGPTConfig, type ResolvedGPTConfig } from './gpt-config.js';
import { present } from './gpt-names.js';
import { MegabyteStream } from './megabyte-stream.js';

/** One of the two models of a {@link Megabyte}. */
export interface MegabyteLevel {
  /** Blocks of attention and feed-forward. */
  readonly layers: number;
  /** Parts of the width that attend by themselves. */
  readonly heads: number;
  /** Width within feed-forward; default: four times the model's. */
  readonly hidden?: number;
}

/** Sizes of a {@link Megabyte}. */
export interface MegabyteSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** P: tokens of a patch, at least 2. */
  readonly patchSize: number;
  /** K: patches of a row, so that the model sees P K tokens. */
  readonly patches: number;
  /** C: numbers that represent a token; a patch has P C. */
  readonly channels: number;
  /** From patch to patch, P C wide. */
  readonly global: MegabyteLevel;
  /** From token to token within a patch, C wide. */
  readonly local: MegabyteLevel;
  /** Fraction of attention's weights, and of what feed-forward adds, that is left out in training; default: 0. */
  readonly dropout?: number;
  /** The token that stands where nothing is before a patch; default: 0. */
  readonly padToken?: number;
  /** Whether token 0 begins a text, and rows of less than P K tokens are filled on their left with it; default: false. */
  readonly separated?: boolean;
}

/**
 * MEGABYTE: a global model reads a row in patches of P tokens, each position of which sees the patches before it; a local model
 * reads each patch token by token, beginning with what the global one gives for it. So attention costs a P²-th of that over all tokens,
 * and most of the width is spent once in P tokens. It scores every position of a row.
 *
 * Names of parameters are the course's: `global_model.token_embedding.weight`, …. With a row that begins with the pad token its scores
 * are those that the course's class gives for the tokens after it, which it reads behind a whole patch of pads; here the last of these is the
 * row's first token.
 *
 * Source: Yu et al. (2023), "MEGABYTE: Predicting Million-byte Sequences with Multiscale Transformers", https://arxiv.org/abs/2305.07185
 */
export class Megabyte extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Where texts are separated, its windows have P K tokens. */
  readonly padsContexts: boolean;
  /** P: tokens of a patch. */
  readonly patchSize: number;
  /** From patch to patch. */
  readonly global: PatchModel;
  /** Within a patch. */
  readonly local: PatchModel;
  /** Where rows aren't filled: reads texts token by token. */
  readonly stream?: (rows: number) => TokenStream;
  readonly #padToken: number;

  /**
   * @param generator - draws the initial values, those of the global model first
   * @throws RangeError when a size isn't a whole number of at least 1, a patch has fewer than 2 tokens, heads don't divide a width, or
   * dropout isn't from 0 to below 1
   */
  constructor(sizes: MegabyteSizes, generator: Generator) {
    super();
    checkMegabyteSizes('Megabyte', sizes);
    const { vocabSize, patchSize: P, patches: K, channels: C, padToken = 0 } = sizes;
    const [global, local] = resolveLevels('Megabyte', sizes);
    this.vocabSize = vocabSize;
    this.contextSize = P * K;
    this.padsContexts = sizes.separated ?? false;
    this.patchSize = P;
    this.global = new PatchModel(global, { positions: P * K, channels: C }, generator);
    this.local = new PatchModel(local, { positions: P, channels: C, scores: vocabSize }, generator);
    this.#padToken = padToken;
    if (this.padsContexts) return;
    this.stream = (rows) =>
      new MegabyteStream(
        {
          contextSize: P * K,
          patchSize: P,
          readPatches: (tokens) => this.#readPatches(tokens, 'evaluation'),
          scorePatches: (patches, before) =>
            this.#scorePatches(patches, reshape(before, [-1, P, C]), 'evaluation'),
        },
        rows,
      );
  }

  /**
   * Scores of what follows each position.
   *
   * @param tokens - `[B, T]` int32 with T up to `contextSize`
   * @param mode - default: `'evaluation'`
   * @returns `[B, T, V]`
   * @throws RangeError when rows are too long
   */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    const [B, T] = tokens.shape;
    const whole = this.#wholePatches(tokens); // [B, K P]
    const [, length] = whole.shape;
    const [P, C] = [this.patchSize, this.local.channels];
    const rows = (B * length) / P;
    const before = reshape<Rank.R3>(this.#readPatches(whole, mode), [rows, P, C]);
    const scores = this.#scorePatches(reshape(whole, [rows, P]), before, mode); // [B K, P, V]
    const each = reshape<Rank.R3>(scores, [B, length, this.vocabSize]);
    return T === length ? each : slice(each, [0, 0, 0], [B, T, this.vocabSize]);
  }

  /**
   * Scores of what follows each row: the local model reads its last patch alone.
   *
   * @param tokens - as for {@link sequenceLogits}
   * @param mode - default: `'evaluation'`
   * @returns `[B, V]`
   */
  logits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    const [B, T] = tokens.shape;
    const whole = this.#wholePatches(tokens); // [B, K P]
    const [P, C, V] = [this.patchSize, this.local.channels, this.vocabSize];
    const last = whole.shape[1] / P - 1;
    const before = slice(this.#readPatches(whole, mode), [0, last, 0], [B, 1, P * C]);
    const patch = slice(whole, [0, last * P], [B, P]);
    const scores = this.#scorePatches(patch, reshape(before, [B, P, C]), mode); // [B, P, V]
    return reshape<Rank.R2>(slice(scores, [0, (T - 1) % P, 0], [B, 1, V]), [B, V]);
  }

  protected override fields(): [string, unknown][] {
    return [
      ['global_model', this.global],
      ['local_model', this.local],
    ];
  }

  /** Rows filled up to whole patches; no position sees what is after it. */
  #wholePatches(tokens: Tensor2D): Tensor2D {
    const [B, T] = tokens.shape;
    if (tokens.shape.length !== 2 || T > this.contextSize) {
      throw new RangeError(
        `Megabyte: tokens must have shape [B, T] with T up to ${this.contextSize}; got [${tokens.shape.join(', ')}]`,
      );
    }
    const missing = (this.patchSize - (T % this.patchSize)) % this.patchSize;
    return missing === 0 ? tokens : concat([tokens, this.#pads(B, missing)], 1);
  }

  #pads(rows: number, columns: number): Tensor2D {
    return fill([rows, columns], this.#padToken, 'int32') as Tensor2D;
  }

  /** What the global model gives for each patch, of the tokens up to its first: `[B, K P]` to `[B, K, P C]`. */
  #readPatches(tokens: Tensor2D, mode: Mode): Tensor3D {
    const [B, length] = tokens.shape;
    const P = this.patchSize;
    const seen = concat([this.#pads(B, P - 1), slice(tokens, [0, 0], [B, length - P + 1])], 1);
    const embedded = this.global.embed(seen); // [B, K P, C]
    const patches = reshape<Rank.R3>(embedded, [B, length / P, P * this.global.channels]);
    return this.global.forward(patches, mode); // [B, K, P C]
  }

  /**
   * @param patches - `[N, P]`
   * @param before - `[N, P, C]`, what the global model gives for them
   * @returns `[N, P, V]`
   */
  #scorePatches(patches: Tensor2D, before: Tensor3D, mode: Mode): Tensor3D {
    const [N, P] = patches.shape;
    const seen = concat([this.#pads(N, 1), slice(patches, [0, 1], [N, P - 1])], 1);
    const x = add<Tensor3D>(this.local.embed(seen), before); // [N, P, C]
    return this.local.score(this.local.forward(x, mode));
  }
}

/** What a level of a Megabyte is made of besides its blocks. */
export interface PatchModelSizes {
  readonly positions: number;
  /** Of a token. */
  readonly channels: number;
  /** V, where it has a head. */
  readonly scores?: number;
}

/** A level of a Megabyte: vectors of tokens and of their positions, blocks, a norm, and a head in the local one. */
export class PatchModel extends Module {
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly GPTBlock[];
  readonly norm: LayerNorm | RMSNorm;
  readonly head: Linear | undefined;

  constructor(
    config: ResolvedGPTConfig,
    { positions, channels, scores }: PatchModelSizes,
    generator: Generator,
  ) {
    super();
    this.embedding = new Embedding(config.vocabSize, channels, generator);
    this.positions = new Embedding(positions, channels, generator);
    this.blocks = Array.from(
      { length: config.layers },
      () => new GPTBlock(config, generator, undefined),
    );
    this.norm = makeNorm(config);
    this.head =
      scores === undefined ? undefined : new Linear(channels, scores, generator, { bias: false });
  }

  /** C: numbers that represent a token. */
  get channels(): number {
    return this.embedding.weight.shape[1];
  }

  /** `[N, T]` to `[N, T, C]`: tokens and their positions. */
  embed(tokens: Tensor2D): Tensor3D {
    const [, T] = tokens.shape;
    const { weight } = this.positions;
    const positions = T === weight.shape[0] ? weight : slice(weight, [0, 0], [T, this.channels]);
    return add(this.embedding.forward(tokens), positions);
  }

  /** Blocks and norm. */
  forward(x: Tensor3D, mode: Mode): Tensor3D {
    return this.norm.forward(this.blocks.reduce((y, block) => block.forward(y, { mode }), x));
  }

  /** `[N, T, C]` to `[N, T, V]` */
  score(x: Tensor3D): Tensor3D {
    return this.head?.forward(x) ?? x;
  }

  protected override fields(): [string, unknown][] {
    return present({
      token_embedding: this.embedding,
      positional_embedding: this.positions,
      layers: this.blocks,
      layer_norm: this.norm,
      linear: this.head,
    });
  }
}

/** The configs of both levels' blocks, with the course's names. */
function resolveLevels(
  where: string,
  sizes: MegabyteSizes,
): [global: ResolvedGPTConfig, local: ResolvedGPTConfig] {
  const { vocabSize, patchSize: P, patches: K, channels: C, global, local, dropout = 0 } = sizes;
  const level = (own: MegabyteLevel, contextSize: number, channels: number): ResolvedGPTConfig =>
    resolveGPTConfig(
      {
        ...own,
        vocabSize,
        contextSize,
        channels,
        tiedHead: false,
        projections: 'separate',
        init: 'pytorch',
        bias: { feedForward: true, norm: true },
        dropout: { attention: dropout, feedForward: dropout },
      },
      where,
    );
  return [level(global, K, P * C), level(local, P, C)];
}

/**
 * Parameters of {@link Megabyte}: of each level the embeddings of tokens and of positions, for each block of width W
 * `4 W² + (W + 1) F + (F + 1) W + 4 W` with F within feed-forward, and a norm of 2 W; the head `C V`.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function megabyteParameterCount(sizes: MegabyteSizes): number {
  checkMegabyteSizes('megabyteParameterCount', sizes);
  const { vocabSize: V, patchSize: P, patches: K, channels: C } = sizes;
  const levels = resolveLevels('megabyteParameterCount', sizes).map(
    ({ channels: W, hidden: F, layers }) =>
      V * C + layers * (4 * W * W + (W + 1) * F + (F + 1) * W + 4 * W) + 2 * W,
  );
  return levels[0] + P * K * C + levels[1] + P * C + C * V;
}

function checkMegabyteSizes(where: string, sizes: MegabyteSizes): void {
  const { vocabSize, patchSize, patches, channels, padToken = 0 } = sizes;
  checkSizes(where, { vocabSize, patchSize, patches, channels });
  if (patchSize < 2) {
    throw new RangeError(`${where}: patchSize must be at least 2; got ${patchSize}`);
  }
  if (!Number.isInteger(padToken) || padToken < 0 || padToken >= vocabSize) {
    throw new RangeError(
      `${where}: padToken must be a token from 0 to ${vocabSize - 1}; got ${padToken}`,
    );
  }
}
