import {
  add,
  mean,
  mul,
  reshape,
  rsqrt,
  scalar,
  square,
  sub,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import { checkChannels, checkSizes } from '../checks.js';
import { onesParameter, parameter, zerosParameter } from '../init.js';
import type { Mode } from '../language-model.js';
import { Module, pythonNumber } from '../module.js';
import { newVariable } from '../new-variable.js';
import { runFused } from './fused-kernel.js';

/** Settings of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance; default: 1e-5, as in PyTorch. */
  readonly epsilon?: number;
  /** Whether something is added in the end; default: true. */
  readonly bias?: boolean;
}

/**
 * Each position brought to mean 0 and variance 1 over its channels, then scaled and shifted,
 * `(x - mean) / √(variance + ε) · weight + bias`: `nn.LayerNorm(channels, bias)`.
 *
 * Source: Ba et al. (2016), "Layer Normalization", https://arxiv.org/abs/1607.06450
 */
export class LayerNorm extends Module {
  /** `[C]`, ones at first. */
  readonly weight: Variable<Rank.R1>;
  /** `[C]`, zeros at first; where there is one. */
  readonly bias: Variable<Rank.R1> | undefined;
  readonly #epsilon: number;

  /** @throws RangeError when `channels` isn't a whole number of at least 1 */
  constructor(channels: number, { epsilon = 1e-5, bias = true }: LayerNormOptions = {}) {
    super();
    checkSizes('LayerNorm', { channels });
    this.weight = onesParameter([channels]);
    this.bias = bias ? zerosParameter([channels]) : undefined;
    this.#epsilon = epsilon;
  }

  /**
   * @param x - `[…, C]`
   * @returns `[…, C]`
   * @throws RangeError when the last axis isn't C long
   */
  forward<R extends Rank>(x: Tensor<R>): Tensor<R> {
    checkChannels('LayerNorm', x, this.weight.size);
    const { weight } = this;
    const bias = this.bias ?? zeros<Rank.R1>([weight.size]);
    const attrs = { epsilon: this.#epsilon };
    const call = { name: 'LayerNorm', inputs: { x, weight, bias }, attrs };
    return (runFused(call) as Tensor<R> | undefined) ?? this.#composed(x);
  }

  override summary(): string {
    return `(${this.weight.size},), eps=${pythonNumber(this.#epsilon)}, elementwise_affine=True${this.bias === undefined ? ', bias=False' : ''}`;
  }

  #composed<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const centred = sub(x, mean(x, -1, true)); // […, C]
    const variance = mean(square(centred), -1, true); // […, 1]
    const normal = mul(centred, rsqrt(add(variance, this.#epsilon)));
    const scaled = mul<Tensor<R>>(normal, this.weight);
    return this.bias === undefined ? scaled : add(scaled, this.bias);
  }
}

/**
 * Each position divided by the root mean square of its channels, then scaled, `x / √(mean(x²) + ε) · weight`:
 * `nn.RMSNorm(channels, eps)`.
 *
 * Source: Zhang and Sennrich (2019), "Root Mean Square Layer Normalization", https://arxiv.org/abs/1910.07467
 */
export class RMSNorm extends Module {
  /** `[C]`, ones at first. */
  readonly weight: Variable<Rank.R1>;
  readonly #epsilon: number;

  /** @throws RangeError when `channels` isn't a whole number of at least 1 */
  constructor(channels: number, { epsilon = 1e-5 }: Pick<LayerNormOptions, 'epsilon'> = {}) {
    super();
    checkSizes('RMSNorm', { channels });
    this.weight = onesParameter([channels]);
    this.#epsilon = epsilon;
  }

  /**
   * @param x - `[…, C]`
   * @returns `[…, C]`
   * @throws RangeError when the last axis isn't C long
   */
  forward<R extends Rank>(x: Tensor<R>): Tensor<R> {
    checkChannels('RMSNorm', x, this.weight.size);
    const { weight } = this;
    const call = { name: 'RMSNorm', inputs: { x, weight }, attrs: { epsilon: this.#epsilon } };
    return (runFused(call) as Tensor<R> | undefined) ?? this.#composed(x);
  }

  override summary(): string {
    return `(${this.weight.size},), eps=${pythonNumber(this.#epsilon)}, elementwise_affine=True`;
  }

  #composed<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const scale = rsqrt(add(mean(square(x), -1, true), this.#epsilon)); // […, 1]
    return mul(mul(x, scale), this.weight);
  }
}

/** Settings of {@link BatchNorm1d}. */
export interface BatchNorm1dOptions {
  /** Added to the variance; default: 1e-5, as in PyTorch. */
  readonly epsilon?: number;
  /** The weight of a new batch in the running statistics; default: 0.1, as in PyTorch. */
  readonly momentum?: number;
}

/**
 * Each channel brought to mean 0 and variance 1 over a batch, then scaled and shifted: `nn.BatchNorm1d(channels)`, with
 * the channels last. In training the statistics are those of the batch, and the running ones move towards them (the variance
 * without bias); in evaluation they are the running ones.
 *
 * Source: Ioffe and Szegedy (2015), "Batch Normalization", https://arxiv.org/abs/1502.03167
 */
export class BatchNorm1d extends Module {
  /** `[C]`, ones at first. */
  readonly weight: Variable<Rank.R1>;
  /** `[C]`, zeros at first. */
  readonly bias: Variable<Rank.R1>;
  // Names of fields are names in files, so these are PyTorch's.
  /** `[C]`, a buffer; zeros at first. */
  readonly running_mean: Variable<Rank.R1>;
  /** `[C]`, a buffer; ones at first. */
  readonly running_var: Variable<Rank.R1>;
  /** A buffer, int32: training batches so far. */
  readonly num_batches_tracked: Variable<Rank.R0>;
  readonly #epsilon: number;
  readonly #momentum: number;

  /** @throws RangeError when `channels` isn't a whole number of at least 1 */
  constructor(channels: number, { epsilon = 1e-5, momentum = 0.1 }: BatchNorm1dOptions = {}) {
    super();
    checkSizes('BatchNorm1d', { channels });
    this.weight = onesParameter([channels]);
    this.bias = zerosParameter([channels]);
    this.running_mean = parameter(new Float32Array(channels), [channels], false);
    this.running_var = parameter(new Float32Array(channels).fill(1), [channels], false);
    this.num_batches_tracked = newVariable<Rank.R0>(() => scalar(0, 'int32'), false);
    this.#epsilon = epsilon;
    this.#momentum = momentum;
  }

  /**
   * @param x - `[…, C]`; all axes but the last are the batch
   * @param mode - default: `'evaluation'`
   * @returns `[…, C]`
   * @throws RangeError when the last axis isn't C long, or a batch of training has one value a channel
   */
  forward<R extends Rank>(x: Tensor<R>, mode: Mode = 'evaluation'): Tensor<R> {
    const channels = this.weight.size;
    checkChannels('BatchNorm1d', x, channels);
    const rows = reshape<Rank.R2>(x, [x.size / channels, channels]); // [N, C]
    const { centre, variance } = mode === 'training' ? this.#measure(rows) : this.#remembered();
    const scale = mul(rsqrt(add(variance, this.#epsilon)), this.weight); // [C]
    return reshape<R>(add(mul(sub(rows, centre), scale), this.bias), x.shape);
  }

  override summary(): string {
    const [epsilon, momentum] = [this.#epsilon, this.#momentum].map(pythonNumber);
    return `${this.weight.size}, eps=${epsilon}, momentum=${momentum}, affine=True, track_running_stats=True`;
  }

  #remembered(): Statistics {
    return { centre: this.running_mean, variance: this.running_var };
  }

  /** The statistics of a batch `[N, C]`, which update the running ones. */
  #measure(rows: Tensor<Rank.R2>): Statistics {
    const [N] = rows.shape;
    if (N < 2) {
      throw new RangeError(
        `BatchNorm1d: a batch of training must have at least 2 values a channel; got ${N}; use 'evaluation'`,
      );
    }
    const centre = mean<Tensor<Rank.R1>>(rows, 0); // [C]
    const variance = mean<Tensor<Rank.R1>>(square(sub(rows, centre)), 0); // [C]
    tidy(() => {
      this.#move(this.running_mean, centre);
      this.#move(this.running_var, mul(variance, N / (N - 1)));
      this.num_batches_tracked.assign(add(this.num_batches_tracked, scalar(1, 'int32')));
    });
    return { centre, variance };
  }

  #move(running: Variable<Rank.R1>, measured: Tensor<Rank.R1>): void {
    running.assign(add(mul(running, 1 - this.#momentum), mul(measured, this.#momentum)));
  }
}

/** `[C]` each. */
interface Statistics {
  readonly centre: Tensor<Rank.R1>;
  readonly variance: Tensor<Rank.R1>;
}
