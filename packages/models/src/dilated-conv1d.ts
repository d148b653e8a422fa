import {
  add,
  matMul,
  reshape,
  split,
  transpose,
  type Rank,
  type Tensor2D,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkChannels } from './check-channels.js';
import { checkSizes } from './check-sizes.js';
import { Module } from './module.js';
import { recallRow, type Recall } from './recall.js';
import { uniformParameter } from './uniform-parameter.js';

/** Sizes of a {@link DilatedConv1d}; dilation is 1 unless given. */
export interface DilatedConv1dOptions {
  /** Channels that it reads. */
  readonly inChannels: number;
  /** Channels that it writes. */
  readonly outChannels: number;
  /** k: positions that an output sees. */
  readonly kernelSize: number;
  /** Steps from one position that an output sees to the next. */
  readonly dilation?: number;
}

/**
 * A causal convolution over time: what comes out at a position is a sum over it and `k - 1` positions before it, each
 * `dilation` apart, with zeros before the first. It keeps the length: `nn.Conv1d(inChannels, outChannels, kernelSize,
 * dilation)` of an input padded on the left by `dilation (k - 1)` zeros, with its initialisation. Channels come last.
 *
 * It is a sum of k matrix products, as TensorFlow.js has no gradient for a dilated convolution.
 *
 * Source: van den Oord et al. (2016), "WaveNet", https://arxiv.org/abs/1609.03499
 */
export class DilatedConv1d extends Module {
  /** `[out, in, k]`; the last along k is for the position itself. */
  readonly weight: Variable<Rank.R3>;
  /** `[out]` */
  readonly bias: Variable<Rank.R1>;
  /** Steps from one position that an output depends on to the next. */
  readonly dilation: number;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(options: DilatedConv1dOptions, generator: Generator) {
    super();
    const { inChannels, outChannels, kernelSize, dilation = 1 } = options;
    checkSizes('DilatedConv1d', { inChannels, outChannels, kernelSize, dilation });
    const fanIn = inChannels * kernelSize;
    this.weight = uniformParameter([outChannels, inChannels, kernelSize], fanIn, generator);
    this.bias = uniformParameter([outChannels], fanIn, generator);
    this.dilation = dilation;
  }

  /** How many positions before its own an output depends on: `dilation (k - 1)`. */
  get reach(): number {
    return this.dilation * (this.weight.shape[2] - 1);
  }

  /**
   * @param x - `[B, T, in]`
   * @returns `[B, T, out]`
   * @throws RangeError when the last axis isn't `in` long
   */
  forward(x: Tensor3D): Tensor3D {
    return this.convolve(x, recallRow);
  }

  /** {@link forward} with another past than that of the row by itself. */
  convolve(x: Tensor3D, recall: Recall): Tensor3D {
    const [outChannels, inChannels, kernelSize] = this.weight.shape;
    checkChannels('DilatedConv1d', x, inChannels);
    const [B, T] = x.shape;
    const steps = Array.from(
      { length: kernelSize },
      (_, k) => this.dilation * (kernelSize - 1 - k),
    );
    const pasts = recall(x, steps); // k of [B, T, in]
    const taps = split(transpose(this.weight, [2, 1, 0]), kernelSize); // k of [1, in, out]
    const products = taps.map((tap, k): Tensor2D => {
      const rows = reshape<Rank.R2>(pasts[k], [B * T, inChannels]);
      return matMul(rows, reshape<Rank.R2>(tap, [inChannels, outChannels])); // [B T, out]
    });
    const y = products.reduce((sum, product) => add(sum, product));
    return reshape(add(y, this.bias), [B, T, outChannels]);
  }

  override summary(): string {
    const [outChannels, inChannels, kernelSize] = this.weight.shape;
    const parts = [inChannels, outChannels, `kernel_size=(${kernelSize},)`, 'stride=(1,)'];
    if (this.dilation !== 1) parts.push(`dilation=(${this.dilation},)`);
    return parts.join(', ');
  }
}
