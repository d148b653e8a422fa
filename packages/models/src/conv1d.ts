import {
  add,
  matMul,
  reshape,
  transpose,
  type Rank,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { checkSizes } from './check-sizes.js';
import { Module } from './module.js';
import { unfold, windowCount, type Window } from './unfold.js';
import { uniformParameter } from './uniform-parameter.js';

/** Sizes of a {@link Conv1d}; stride and dilation are 1 unless given. */
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
  readonly #window: Window;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(options: Conv1dOptions, generator: Generator) {
    super();
    const { inChannels, outChannels, kernelSize, stride = 1, dilation = 1 } = options;
    checkSizes('Conv1d', { inChannels, outChannels, kernelSize, stride, dilation });
    const fanIn = inChannels * kernelSize;
    this.weight = uniformParameter([outChannels, inChannels, kernelSize], fanIn, generator);
    this.bias = uniformParameter([outChannels], fanIn, generator);
    this.#window = { kernelSize, stride, dilation };
  }

  /**
   * @param x - `[B, T, in]`
   * @returns `[B, T', out]` with `T' = ⌊(T - dilation (k - 1) - 1) / stride⌋ + 1`
   * @throws RangeError when the last axis isn't `in` long, or T is too short for one window
   */
  forward(x: Tensor3D): Tensor3D {
    const [outChannels, inChannels, kernelSize] = this.weight.shape;
    const [B, T, C] = x.shape;
    const windows = windowCount(T, this.#window);
    if (C !== inChannels || windows < 1) {
      throw new RangeError(
        `Conv1d: inputs must have ${inChannels} channels and at least ${T - windows + 1} steps; got shape [${x.shape.join(', ')}]`,
      );
    }
    const rows = reshape(unfold(x, this.#window), [B * windows, kernelSize * C]); // [B T', k in]
    const weight = reshape(transpose(this.weight, [2, 1, 0]), [kernelSize * C, outChannels]); // [k in, out]
    const y = add(matMul(rows, weight), this.bias); // [B T', out]
    return reshape(y, [B, windows, outChannels]);
  }

  override summary(): string {
    const [outChannels, inChannels] = this.weight.shape;
    const { kernelSize, stride, dilation } = this.#window;
    const parts = [inChannels, outChannels, `kernel_size=(${kernelSize},)`, `stride=(${stride},)`];
    if (dilation !== 1) parts.push(`dilation=(${dilation},)`);
    return parts.join(', ');
  }
}
