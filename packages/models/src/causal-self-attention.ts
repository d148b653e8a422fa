import {
  add,
  cast,
  greaterEqual,
  lessEqual,
  logicalAnd,
  matMul,
  mul,
  range,
  reshape,
  softmax,
  split,
  sub,
  tidy,
  transpose,
  zeros,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { affine } from './affine.js';
import { checkChannels } from './check-channels.js';
import { checkSizes } from './check-sizes.js';
import { runFused } from './fused-kernel.js';
import { xavierUniform } from './init.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { parameter } from './parameter.js';

/**
 * Each position gathers from itself and those before it, by several heads: `softmax(Q Kᵀ / √d) V` with queries, keys and
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
  /** What the heads have gathered, brought together. */
  readonly out_proj: Linear;
  readonly #heads: number;

  /**
   * @param channels - C
   * @throws RangeError when a size isn't a whole number of at least 1, or the heads don't divide the channels
   */
  constructor(channels: number, heads: number, generator: Generator) {
    super();
    checkSizes('CausalSelfAttention', { channels, heads });
    if (channels % heads !== 0) {
      throw new RangeError(
        `CausalSelfAttention: heads must divide the ${channels} channels; got ${heads}`,
      );
    }
    const C = channels;
    const output = new Linear(C, C, generator); // drawn first, as in PyTorch
    tidy(() => output.bias.assign(zeros([C])));
    this.in_proj_weight = parameter(new Float32Array(3 * C * C), [3 * C, C]);
    xavierUniform(this.in_proj_weight, { generator });
    this.in_proj_bias = parameter(new Float32Array(3 * C), [3 * C]);
    this.out_proj = output;
    this.#heads = heads;
  }

  /**
   * @param x - `[B, T, C]`
   * @param starts - `[B, T]` int32, the first position that each sees, {@link textStarts}; the row's first unless given
   * @returns `[B, T, C]`
   * @throws RangeError when the last axis isn't C long
   */
  forward(x: Tensor3D, starts?: Tensor2D): Tensor3D {
    const [B, T, C] = x.shape;
    checkChannels('CausalSelfAttention', x, this.out_proj.bias.size);
    const qkv = affine(x, this.in_proj_weight, this.in_proj_bias); // [B, T, 3 C]
    const inputs = { qkv, starts: starts ?? zeros<Rank.R2>([B, T], 'int32') };
    const attrs = { heads: this.#heads };
    const fused = runFused({ name: 'CausalAttention', inputs, attrs }) as Tensor3D | undefined;
    return this.out_proj.forward(fused ?? reshape(this.#composed(inputs), [B, T, C]));
  }

  override summary(): string {
    return `${this.out_proj.bias.size}, heads=${this.#heads}`;
  }

  #composed({ qkv, starts }: { readonly qkv: Tensor3D; readonly starts: Tensor2D }): Tensor {
    const [B, T, width] = qkv.shape;
    const d = width / 3 / this.#heads;
    const byHead = (part: Tensor3D): Tensor =>
      transpose(reshape(part, [B, T, this.#heads, d]), [0, 2, 1, 3]); // [B, h, T, d]
    const [query, key, value] = split<Tensor3D>(qkv, 3, -1).map(byHead);
    const place = range(0, T, 1, 'int32'); // [T]
    const seen = logicalAnd(
      greaterEqual(place, reshape(starts, [B, 1, T, 1])),
      lessEqual(place, reshape(place, [T, 1])),
    ); // [B, 1, T, T]
    const hidden = mul(sub(cast(seen, 'float32'), 1), 1e9); // 0, or far below every score
    const scores = mul(matMul(query, key, false, true), 1 / Math.sqrt(d)); // [B, h, T, T]
    return transpose(matMul(softmax(add(scores, hidden)), value), [0, 2, 1, 3]); // [B, T, h, d]
  }
}
