import {
  add,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  type Rank,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { checkChannels } from './check-channels.js';
import { checkSizes } from './check-sizes.js';
import { runFused } from './fused-kernel.js';
import { Module } from './module.js';
import { parameter } from './parameter.js';
import { pythonNumber } from './python-number.js';

/** Settings of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance; 1e-5 unless given, as in PyTorch. */
  readonly epsilon?: number;
}

/**
 * Each position brought to mean 0 and variance 1 over its channels, then scaled and shifted,
 * `(x - mean) / √(variance + ε) · weight + bias`: `nn.LayerNorm(channels)`.
 *
 * Source: Ba et al. (2016), "Layer Normalization", https://arxiv.org/abs/1607.06450
 */
export class LayerNorm extends Module {
  /** `[C]`, ones at first. */
  readonly weight: Variable<Rank.R1>;
  /** `[C]`, zeros at first. */
  readonly bias: Variable<Rank.R1>;
  readonly #epsilon: number;

  /** @throws RangeError when `channels` isn't a whole number of at least 1 */
  constructor(channels: number, { epsilon = 1e-5 }: LayerNormOptions = {}) {
    super();
    checkSizes('LayerNorm', { channels });
    this.weight = parameter(new Float32Array(channels).fill(1), [channels]);
    this.bias = parameter(new Float32Array(channels), [channels]);
    this.#epsilon = epsilon;
  }

  /**
   * @param x - `[…, C]`
   * @returns `[…, C]`
   * @throws RangeError when the last axis isn't C long
   */
  forward<R extends Rank>(x: Tensor<R>): Tensor<R> {
    checkChannels('LayerNorm', x, this.weight.size);
    const { weight, bias } = this;
    const attrs = { epsilon: this.#epsilon };
    const call = { name: 'LayerNorm', inputs: { x, weight, bias }, attrs };
    return (runFused(call) as Tensor<R> | undefined) ?? this.#composed(x);
  }

  override summary(): string {
    return `(${this.weight.size},), eps=${pythonNumber(this.#epsilon)}, elementwise_affine=True`;
  }

  #composed<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const centred = sub(x, mean(x, -1, true)); // […, C]
    const variance = mean(square(centred), -1, true); // […, 1]
    const normal = mul(centred, rsqrt(add(variance, this.#epsilon)));
    return add(mul(normal, this.weight), this.bias);
  }
}
