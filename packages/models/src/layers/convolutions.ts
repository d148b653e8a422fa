import {
  add,
  concat,
  gather,
  matMul,
  reshape,
  slice,
  split,
  tensor1d,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkChannels, checkSizes } from '../checks.js';
import { uniformParameter } from '../init.js';
import { Module } from '../module.js';
import { lookBackInRow, type LookBack } from './look-back.js';

/** Sizes of a {@link Conv1d}; stride and dilation are 1 by default. */
export interface Conv1dOptions {
  /** Channels that it reads. */
  readonly inChannels: number;
  /** Channels that it writes. */
  readonly outChannels: number;
  /** k: positions that an output sees. */
  readonly kernelSize: number;
  /** Steps from one output to the next. */
  readonly stride?: number;
  /** Steps from one position that an output sees to the next. */
  readonly dilation?: number;
}

/**
 * A convolution over time without padding: `nn.Conv1d(inChannels, outChannels, kernelSize, stride, dilation)`, with
 * its initialisation. Channels come last here, `[B, T, C]`, where PyTorch has `[B, C, T]`; the weight keeps
 * PyTorch's layout.
 *
 * It is computed as a matrix product of unfolded windows, because TensorFlow.js has no gradient for a dilated
 * convolution (it throws) and its WASM backend none for the filter.
 */
export class Conv1d extends Module {
  /** `[out, in, k]` */
  readonly weight: Variable<Rank.R3>;
  /** `[out]` */
  readonly bias: Variable<Rank.R1>;
  /** k: positions that an output sees: output t sees t · stride + i · dilation for i from 0 to k - 1. */
  readonly kernelSize: number;
  /** Steps from one output to the next. */
  readonly stride: number;
  /** Steps from one position that an output sees to the next. */
  readonly dilation: number;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(options: Conv1dOptions, generator: Generator) {
    super();
    const { inChannels, outChannels, kernelSize, stride = 1, dilation = 1 } = options;
    checkSizes('Conv1d', { inChannels, outChannels, kernelSize, stride, dilation });
    const fanIn = inChannels * kernelSize;
    this.weight = uniformParameter([outChannels, inChannels, kernelSize], fanIn, generator);
    this.bias = uniformParameter([outChannels], fanIn, generator);
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.dilation = dilation;
  }

  /**
   * @param x - `[B, T, in]`
   * @returns `[B, T', out]` with `T' = ⌊(T - dilation (k - 1) - 1) / stride⌋ + 1`
   * @throws RangeError when the last axis isn't `in` long, or T is too short for one window
   */
  forward(x: Tensor3D): Tensor3D {
    const [outChannels, inChannels, kernelSize] = this.weight.shape;
    const [B, T, C] = x.shape;
    const windows = windowCount(T, this);
    if (C !== inChannels || windows < 1) {
      throw new RangeError(
        `Conv1d: inputs must have ${inChannels} channels and at least ${T - windows + 1} steps; got shape [${x.shape.join(', ')}]`,
      );
    }
    const rows = reshape(unfold(x, this), [B * windows, kernelSize * C]); // [B T', k in]
    const weight = reshape(transpose(this.weight, [2, 1, 0]), [kernelSize * C, outChannels]); // [k in, out]
    const y = add(matMul(rows, weight), this.bias); // [B T', out]
    return reshape(y, [B, windows, outChannels]);
  }

  override summary(): string {
    const [outChannels, inChannels] = this.weight.shape;
    const { kernelSize, stride, dilation } = this;
    const parts = [inChannels, outChannels, `kernel_size=(${kernelSize},)`, `stride=(${stride},)`];
    if (dilation !== 1) parts.push(`dilation=(${dilation},)`);
    return parts.join(', ');
  }
}

/** How a window moves along the time axis. */
interface Window {
  /** k: values a window sees. */
  readonly kernelSize: number;
  /** Steps from one window to the next. */
  readonly stride: number;
  /** Steps from one value within a window to the next. */
  readonly dilation: number;
}

/** T': how many windows fit into `length` values. Below 1 none does. */
function windowCount(length: number, { kernelSize, stride, dilation }: Window): number {
  return Math.floor((length - dilation * (kernelSize - 1) - 1) / stride) + 1;
}

/**
 * Lays each window out as one row, so that a convolution becomes a matrix product.
 *
 * @param x - `[B, T, C]`
 * @returns `[B, T', k C]`, in a row first the C channels of the window's first value, then of its second, …
 */
function unfold(x: Tensor3D, window: Window): Tensor3D {
  const { kernelSize, stride, dilation } = window;
  const [B, T, C] = x.shape;
  const count = windowCount(T, window);
  if (kernelSize === stride && dilation === 1 && count * stride === T) {
    return reshape(x, [B, count, kernelSize * C]); // the windows tile the input: nothing to copy
  }
  const tap = (k: number): Tensor3D => {
    const first = k * dilation;
    if (stride === 1) return slice(x, [0, first, 0], [B, count, C]);
    const positions = Array.from({ length: count }, (_, i) => first + i * stride);
    return gather(x, tensor1d(positions, 'int32'), 1);
  };
  return concat(
    Array.from({ length: kernelSize }, (_, k) => tap(k)),
    2,
  );
}

/** Sizes of a {@link DilatedConv1d}; dilation is 1 by default. */
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
  /** k: positions that an output depends on: output t on t - i · dilation for i from 0 to k - 1. */
  readonly kernelSize: number;
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
    this.kernelSize = kernelSize;
    this.dilation = dilation;
  }

  /** How many positions before its own an output depends on: `dilation (k - 1)`. */
  get reach(): number {
    return this.dilation * (this.kernelSize - 1);
  }

  /**
   * @param x - `[B, T, in]`
   * @returns `[B, T, out]`
   * @throws RangeError when the last axis isn't `in` long
   */
  forward(x: Tensor3D): Tensor3D {
    return this.convolve(x, lookBackInRow);
  }

  /** {@link forward} with another past than that of the row alone. */
  convolve(x: Tensor3D, lookBack: LookBack): Tensor3D {
    const [outChannels, inChannels, kernelSize] = this.weight.shape;
    checkChannels('DilatedConv1d', x, inChannels);
    const [B, T] = x.shape;
    const steps = Array.from(
      { length: kernelSize },
      (_, k) => this.dilation * (kernelSize - 1 - k),
    );
    const pasts = lookBack(x, steps); // k of [B, T, in]
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
