import { add, slice, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { fillNormal } from '../init.js';
import type { LanguageModel, Mode, TokenStream } from '../language-model.js';
import { type Dropout, dropoutIfAny } from '../layers/dropout.js';
import { affine, Embedding, Linear } from '../layers/linear.js';
import { lastPosition, positionIds, segmentStarts } from '../layers/look-back.js';
import type { LayerNorm, RMSNorm } from '../layers/normalisation.js';
import { RotaryPositions } from '../layers/rotary-positions.js';
import { Module } from '../module.js';
import { GPTBlock, makeNorm } from './gpt-block.js';
import { resolveGPTConfig, type GPTConfig, type ResolvedGPTConfig } from './gpt-config.js';
import { gptNames, ModuleDict, present } from './gpt-names.js';
import { GPTStream, streamRowsOf } from './gpt-stream.js';

/**
 * A GPT: a vector for each symbol, and for its position; blocks in which every position gathers from those before it and then
 * computes by itself; scores of what follows. Its settings give GPT-2's, nanoGPT's (`bias: false`), the course's, and blocks as
 * Llama has them.
 *
 * Names of parameters are GPT-2's in nanoGPT's layouts; with `projections: 'separate'` the course's; with rotary positions Llama's. A tied head
 * has no parameter of its own.
 *
 * Sources: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"; Touvron et al. (2023), "LLaMA",
 * https://arxiv.org/abs/2302.13971; nanoGPT, https://github.com/karpathy/nanoGPT
 */
export class GPT extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Where texts are separated, padding before token 0 makes no difference. */
  readonly padsContexts: boolean;
  /** Its settings, defaults filled in. */
  readonly config: ResolvedGPTConfig;
  /** `[V, C]` */
  readonly embedding: Embedding;
  /** `[T, C]`, where positions are learned. */
  readonly positions: Embedding | undefined;
  readonly blocks: readonly GPTBlock[];
  /** What the head reads. */
  readonly norm: LayerNorm | RMSNorm;
  /** The scores' own weights, unless they are those of the embedding. */
  readonly head: Linear | undefined;
  readonly dropout: Dropout | undefined;

  /**
   * @param generator - draws the initial values: of embedding, positions, blocks and head, and with GPT-2's all of them once more
   * @throws RangeError when a size isn't a whole number of at least 1, or parts don't fit each other
   */
  constructor(config: GPTConfig, generator: Generator) {
    super();
    const resolved = resolveGPTConfig(config);
    const { vocabSize, contextSize, channels, heads, layers, bias, tiedHead } = resolved;
    this.config = resolved;
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.padsContexts = resolved.separated;
    const isRotary = resolved.positions === 'rotary';
    this.embedding = new Embedding(vocabSize, channels, generator);
    this.positions = isRotary ? undefined : new Embedding(contextSize, channels, generator);
    this.dropout = dropoutIfAny(resolved.dropout.embedding, generator);
    const rotary = isRotary ? new RotaryPositions(contextSize, channels / heads) : undefined;
    this.blocks = Array.from({ length: layers }, () => new GPTBlock(resolved, generator, rotary));
    this.norm = makeNorm(resolved);
    const head = new Linear(channels, vocabSize, generator, { bias: bias.head });
    this.head = tiedHead ? undefined : head;
    if (tiedHead) {
      this.embedding.weight.assign(head.weight); // as nanoGPT ties them
      head.dispose();
    }
    if (resolved.init === 'gpt-2') this.#drawAsGpt2(generator);
  }

  /**
   * Scores of what follows each position.
   *
   * @param tokens - `[B, T]` int32 with T up to `contextSize`; where texts are separated, rows may be longer, and no text in them
   * @param mode - default: `'evaluation'`
   * @returns `[B, T, V]`
   * @throws RangeError when rows are too long
   */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    return this.score(this.#read(tokens, mode)); // [B, T, V]
  }

  /**
   * Scores of what follows each row.
   *
   * @param tokens - as for {@link sequenceLogits}
   * @param mode - default: `'evaluation'`
   * @returns `[B, V]`
   */
  logits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    return this.score(lastPosition(this.#read(tokens, mode)));
  }

  /** Reads `rows` texts token by token, with the parameters as they are when it reads. */
  stream(rows: number): TokenStream {
    return new GPTStream(this, rows);
  }

  /** A stream keeps keys and values of all layers. */
  get streamRows(): number {
    return streamRowsOf(this.config);
  }

  /**
   * What the first block reads, but for dropout.
   *
   * @param tokens - `[B, T]` int32
   * @param positions - `[B, T]` int32, the index of each in its text; default: that in its row
   * @returns `[B, T, C]`
   */
  embed(tokens: Tensor2D, positions?: Tensor2D): Tensor3D {
    const symbols = this.embedding.forward(tokens);
    if (this.positions === undefined) return symbols;
    if (positions !== undefined) return add(symbols, this.positions.forward(positions));
    const [, T, C] = symbols.shape;
    const { weight } = this.positions;
    return add(symbols, T === this.contextSize ? weight : slice(weight, 0, [T, C]));
  }

  /** Scores, `[…, V]`, of what the last block gives, `[…, C]`. */
  score<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const normal = this.norm.forward(x);
    return this.head?.forward(normal) ?? affine(normal, this.embedding.weight);
  }

  protected override fields(): [string, unknown][] {
    const names = gptNames(this.config);
    const body = present({
      [names.embedding]: this.embedding,
      [names.positions]: this.positions,
      [names.dropout]: this.dropout,
      [names.blocks]: this.blocks,
      [names.norm]: this.norm,
    });
    const around: [string, unknown][] =
      names.body === undefined ? body : [[names.body, new ModuleDict(body)]];
    return [...around, ...present({ [names.head]: this.head })];
  }

  #read(tokens: Tensor2D, mode: Mode): Tensor3D {
    this.#check(tokens);
    const { starts, positions } = this.#places(tokens);
    const placed = this.embed(tokens, positions); // [B, T, C]
    let x = this.dropout?.forward(placed, mode) ?? placed;
    for (const block of this.blocks) x = block.forward(x, { starts, positions, mode });
    return x; // [B, T, C]
  }

  #check({ shape }: Tensor2D): void {
    const [, T] = shape;
    if (shape.length === 2 && (this.config.separated || T <= this.contextSize)) return;
    throw new RangeError(
      `GPT: tokens must have shape [B, T] with T up to ${this.contextSize}; got [${shape.join(', ')}]`,
    );
  }

  /** `[B, T]` each: where the text of each position begins, and its index in it; nothing where each row is one text. */
  #places(tokens: Tensor2D): { readonly starts?: Tensor2D; readonly positions?: Tensor2D } {
    if (!this.config.separated) return {};
    const starts = segmentStarts(tokens);
    return { starts, positions: positionIds(starts) };
  }

  /** Draws all weights again, in the order in which nanoGPT visits its modules; a tied weight is visited twice. */
  #drawAsGpt2(generator: Generator): void {
    const { layers } = this.config;
    const draw = (weight: Variable, std = 0.02): void => fillNormal(weight, generator, std);
    const products = this.blocks.flatMap(({ attention, feedForward }) =>
      [
        attention.joint,
        attention.separate?.query,
        attention.separate?.key,
        attention.separate?.value,
        attention.output,
        feedForward.gate,
        feedForward.up,
        feedForward.down,
      ].filter((product) => product !== undefined),
    );
    draw(this.embedding.weight);
    if (this.positions !== undefined) draw(this.positions.weight);
    for (const product of [...products, ...(this.head === undefined ? [] : [this.head])]) {
      draw(product.weight);
      const { bias } = product;
      if (bias !== undefined) tidy(() => bias.assign(zerosLike(bias)));
    }
    if (this.head === undefined) draw(this.embedding.weight);
    for (const { attention, feedForward } of this.blocks) {
      for (const { weight } of [attention.output, feedForward.down]) {
        draw(weight, 0.02 / Math.sqrt(2 * layers));
      }
    }
  }
}
