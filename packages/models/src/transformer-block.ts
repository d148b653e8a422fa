import { add, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { gelu } from './activations.js';
import { CausalSelfAttention } from './causal-self-attention.js';
import { Dropout } from './dropout.js';
import { LayerNorm } from './layer-norm.js';
import { Linear } from './linear.js';
import type { Mode } from './mode.js';
import { Module } from './module.js';

/** Sizes of a {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  /** C */
  readonly channels: number;
  /** Parts of the channels that attend by themselves. */
  readonly heads: number;
  /** Channels between the two products that follow attention; 4 C unless given. */
  readonly hidden?: number;
  /** Share of what each half adds that is left out in training; 0 unless given. */
  readonly dropout?: number;
}

/** What surrounds a block. */
export interface BlockContext {
  /** `[B, T]` int32, the first position that each sees, {@link textStarts}; the row's first unless given. */
  readonly starts?: Tensor2D;
  /** `'evaluation'` unless given. */
  readonly mode?: Mode;
}

/**
 * A block of a GPT: attention, then two products with GELU between them, each of a normalised input and added to it.
 * `nn.TransformerEncoderLayer(channels, heads, hidden, activation='gelu', batch_first=True, norm_first=True)` with a causal
 * mask, with its names and initialisation; dropout is done to what each half adds, not to attention's weights nor behind GELU.
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
   * @param generator - draws the initial values, in PyTorch's order, then the seeds of dropout
   * @throws RangeError when a size isn't a whole number of at least 1, the heads don't divide the channels, or dropout
   * isn't from 0 to below 1
   */
  constructor(options: TransformerBlockOptions, generator: Generator) {
    super();
    const { channels, heads, hidden = 4 * channels, dropout = 0 } = options;
    this.self_attn = new CausalSelfAttention(channels, heads, generator);
    this.linear1 = new Linear(channels, hidden, generator);
    this.linear2 = new Linear(hidden, channels, generator);
    this.norm1 = new LayerNorm(channels);
    this.norm2 = new LayerNorm(channels);
    this.dropout1 = new Dropout(dropout, generator);
    this.dropout2 = new Dropout(dropout, generator);
  }

  /**
   * @param x - `[B, T, C]`
   * @returns `[B, T, C]`
   */
  forward(x: Tensor3D, { starts, mode = 'evaluation' }: BlockContext = {}): Tensor3D {
    const gathered = this.self_attn.forward(this.norm1.forward(x), starts);
    const mixed = add<Tensor3D>(x, this.dropout1.forward(gathered, mode));
    const computed = this.linear2.forward(gelu(this.linear1.forward(this.norm2.forward(mixed))));
    return add<Tensor3D>(mixed, this.dropout2.forward(computed, mode));
  }
}
