import { add, mul, sigmoid, split, tanh, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { DilatedConv1d } from '../layers/convolutions.js';
import { Linear } from '../layers/linear.js';
import type { LookBack } from '../layers/look-back.js';
import { LayerNorm } from '../layers/normalisation.js';
import { runFused } from '../layers/fused-kernel.js';
import { Module } from '../module.js';

/** Sizes of a {@link GatedLayer}. */
export interface GatedLayerOptions {
  /** C: channels of the input, of the gates and of the next layer. */
  readonly channels: number;
  /** S: channels of the skip connections. */
  readonly skipChannels: number;
  readonly kernelSize: number;
  readonly dilation: number;
  /** Whether what the convolution reads is normalised. */
  readonly layerNorm: boolean;
  /** The last layer has no next one, so no residual product. */
  readonly isLast: boolean;
}

/** What a layer gets besides its input. */
export interface GatedLayerContext {
  /** How its convolution reads the past. */
  readonly lookBack: LookBack;
  /** What is applied to the gated values, `[B, T, C]`: dropout in training. */
  readonly dropout: (gated: Tensor3D) => Tensor3D;
}

/** What a layer makes of its input. */
export interface GatedLayerOutput {
  /** `[B, T, C]`, for the next layer. */
  readonly next: Tensor3D;
  /** `[B, T, S]`, for the sum of all layers. */
  readonly skip: Tensor3D;
}

/**
 * A layer of WaveNet: a dilated convolution whose one half, through tanh, passes the gates of the other, through sigmoid;
 * then one product for the skip connections and one that is added to the input.
 */
export class GatedLayer extends Module {
  readonly norm: LayerNorm | undefined;
  /** C channels to 2 C: first the values, then their gates. */
  readonly gates: DilatedConv1d;
  readonly skip: Linear;
  readonly residual: Linear | undefined;

  constructor(options: GatedLayerOptions, generator: Generator) {
    super();
    const { channels, skipChannels, kernelSize, dilation, layerNorm, isLast } = options;
    this.norm = layerNorm ? new LayerNorm(channels) : undefined;
    this.gates = new DilatedConv1d(
      { inChannels: channels, outChannels: 2 * channels, kernelSize, dilation },
      generator,
    );
    this.skip = new Linear(channels, skipChannels, generator);
    this.residual = isLast ? undefined : new Linear(channels, channels, generator);
  }

  /** @param x - `[B, T, C]` */
  forward(x: Tensor3D, { lookBack, dropout }: GatedLayerContext): GatedLayerOutput {
    const gated = dropout(activate(this.gates.convolve(this.read(x), lookBack))); // [B, T, C]
    const next = this.residual === undefined ? x : add<Tensor3D>(x, this.residual.forward(gated));
    return { next, skip: this.skip.forward(gated) };
  }

  /** What its convolution reads of its input: `[B, T, C]` to `[B, T, C]`. */
  read(x: Tensor3D): Tensor3D {
    return this.norm?.forward(x) ?? x;
  }
}

/** `[B, T, 2 C]` to `[B, T, C]`: the values through tanh, passed by their gates through sigmoid. */
function activate(x: Tensor3D): Tensor3D {
  const fused = runFused({ name: 'GatedActivation', inputs: { x }, attrs: {} });
  if (fused !== undefined) return fused as Tensor3D;
  const [values, gates] = split<Tensor3D>(x, 2, -1); // [B, T, C] each
  return mul(tanh(values), sigmoid(gates));
}
