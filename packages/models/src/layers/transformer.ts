import { add, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkChannels, checkSizes } from '../checks.js';
import { xavierUniform, zerosParameter } from '../init.js';
import type { Mode } from '../language-model.js';
import { Module } from '../module.js';
import { gelu } from './activations.js';
import { attendJointly, checkHeads } from './causal-attention.js';
import { checkDropoutRate, Dropout, dropoutIfAny } from './dropout.js';
import { affine, Linear } from './linear.js';
import { LayerNorm } from './normalisation.js';

/** Sizes of a {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  /** C */
  readonly channels: number;
  /** Parts of the channels that attend by themselves. */
  readonly heads: number;
  /** Channels between the two products that follow attention; default: 4 C. */
  readonly hidden?: number;
  /** Fraction of what each half adds that is left out in training; default: 0. */
  readonly dropout?: number;
  /** Fraction of the positions that a head attends to that is left out in training; default: 0. */
  readonly attentionDropout?: number;
}

/** What attention has besides its sizes. */
export interface CausalSelfAttentionOptions {
  /** Fraction of the positions that a head attends to that is left out in training; default: 0. */
  readonly dropout?: number;
}

/** What attention and a block get besides their input; a mode alone may stand for it, so that `sequential` takes them. */
export interface BlockContext {
  /** `[B, T]` int32, the first position that each sees, {@link segmentStarts}; default: the row's first. */
  readonly starts?: Tensor2D;
  /** Default: `'evaluation'`. */
  readonly mode?: Mode;
}

const contextOf = (context: BlockContext | Mode): BlockContext =>
  typeof context === 'string' ? { mode: context } : context;

/**
 * A block of a GPT: attention, then two products with GELU between them, each of a normalised input and added to it.
 * `nn.TransformerEncoderLayer(channels, heads, hidden, activation='gelu', batch_first=True, norm_first=True)` with a causal
 * mask, with its names and initialisation; dropout is applied to what each half adds and, by an option of its own, to attention's weights, but
 * not after GELU.
 *
 * Source: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"
 */
export class TransformerBlock extends Module {
  // Names of fields are names in files, so these are PyTorch's.
  /** The first half. */
  readonly self_attn: CausalSelfAttention;
  /** From C to the hidden channels; GELU follows. */
  readonly linear1: Linear;
  /** From the hidden channels to C. */
  readonly linear2: Linear;
  /** Before attention. */
  readonly norm1: LayerNorm;
  /** Before the two products. */
  readonly norm2: LayerNorm;
  /** Of what attention adds. */
  readonly dropout1: Dropout;
  /** Of what the two products add. */
  readonly dropout2: Dropout;

  /**
   * @param generator - draws the initial values, in PyTorch's order, and nothing else
   * @throws RangeError when a size isn't a whole number of at least 1, the heads don't divide the channels, or dropout
   * isn't from 0 to below 1
   */
  constructor(options: TransformerBlockOptions, generator: Generator) {
    super();
    const { channels, heads, hidden = 4 * channels, dropout = 0, attentionDropout = 0 } = options;
    checkSizes('TransformerBlock', { channels, heads, hidden });
    checkDropoutRate(dropout);
    this.self_attn = new CausalSelfAttention(channels, heads, generator, {
      dropout: attentionDropout,
    });
    this.linear1 = new Linear(channels, hidden, generator);
    this.linear2 = new Linear(hidden, channels, generator);
    this.norm1 = new LayerNorm(channels);
    this.norm2 = new LayerNorm(channels);
    this.dropout1 = new Dropout(dropout, generator);
    this.dropout2 = new Dropout(dropout, generator);
  }

  /**
   * @param x - `[B, T, C]`
   * @param context - the mode, or where texts begin and the mode
   * @returns `[B, T, C]`
   */
  forward(x: Tensor3D, context: BlockContext | Mode = {}): Tensor3D {
    const { mode = 'evaluation' } = contextOf(context);
    const gathered = this.self_attn.forward(this.norm1.forward(x), context);
    const mixed = add<Tensor3D>(x, this.dropout1.forward(gathered, mode));
    const computed = this.linear2.forward(gelu(this.linear1.forward(this.norm2.forward(mixed))));
    return add<Tensor3D>(mixed, this.dropout2.forward(computed, mode));
  }
}

/**
 * Each position attends to itself and those before it, with several heads: `softmax(Q Kᵀ / √d) V` with queries, keys and
 * values that are products of the input. `nn.MultiheadAttention(channels, heads, batch_first=True)` of one input with a
 * causal mask, with its names, layouts and initialisation.
 *
 * Source: Vaswani et al. (2017), "Attention Is All You Need", https://arxiv.org/abs/1706.03762
 */
export class CausalSelfAttention extends Module {
  // Names of fields are names in files, so these are PyTorch's.
  /** `[3 C, C]`: of queries, keys, values. */
  readonly in_proj_weight: Variable<Rank.R2>;
  /** `[3 C]`, zeros at first. */
  readonly in_proj_bias: Variable<Rank.R1>;
  /** Mixes what the heads have found. */
  readonly out_proj: Linear;
  /** Of attention's weights, where there is one. */
  readonly dropout: Dropout | undefined;
  readonly #heads: number;

  /**
   * @param channels - C
   * @throws RangeError when a size isn't a whole number of at least 1, the heads don't divide the channels, or dropout isn't
   * from 0 to below 1
   */
  constructor(
    channels: number,
    heads: number,
    generator: Generator,
    { dropout = 0 }: CausalSelfAttentionOptions = {},
  ) {
    super();
    checkDropoutRate(dropout);
    checkHeads('CausalSelfAttention', { channels, heads, kvHeads: heads });
    const C = channels;
    const output = new Linear(C, C, generator); // drawn first, as in PyTorch
    tidy(() => output.bias?.assign(zeros([C])));
    this.in_proj_weight = zerosParameter([3 * C, C]);
    xavierUniform(this.in_proj_weight, { generator });
    this.in_proj_bias = zerosParameter([3 * C]);
    this.out_proj = output;
    this.dropout = dropoutIfAny(dropout, generator);
    this.#heads = heads;
  }

  /**
   * @param x - `[B, T, C]`
   * @param context - the mode, or where texts begin and the mode
   * @returns `[B, T, C]`
   * @throws RangeError when the last axis isn't C long
   */
  forward(x: Tensor3D, context: BlockContext | Mode = {}): Tensor3D {
    const { starts, mode = 'evaluation' } = contextOf(context);
    checkChannels('CausalSelfAttention', x, this.out_proj.weight.shape[0]);
    const qkv = affine(x, this.in_proj_weight, this.in_proj_bias); // [B, T, 3 C]
    const { dropout } = this;
    const attended = attendJointly(qkv, { heads: this.#heads, starts, dropout, mode });
    return this.out_proj.forward(attended);
  }

  override summary(): string {
    const dropout = this.dropout === undefined ? '' : `, dropout=${this.dropout.summary()}`;
    return `${this.out_proj.weight.shape[0]}, heads=${this.#heads}${dropout}`;
  }
}
