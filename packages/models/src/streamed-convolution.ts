import {
  concat,
  mul,
  reshape,
  slice,
  tidy,
  transpose,
  variable,
  zeros,
  type Rank,
  type Tensor2D,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { DilatedConv1d } from './dilated-conv1d.js';
import { FrozenProduct } from './frozen-product.js';

/** `[1, B, 1]`: 1 for the rows that go on, 0 for those that begin anew. */
export type GoesOn = Tensor3D;

/**
 * A causal convolution that is given one position after the other, and keeps as much of what it has read as it will need.
 * Before the first position there are zeros.
 */
export class StreamedConvolution {
  readonly #product: FrozenProduct;
  /** How many steps before its own the positions are that it sees, the farthest first. */
  readonly #steps: readonly number[];
  /** `[reach, B, in]`, the oldest first; nothing if it only sees a position itself. */
  readonly #past: Variable<Rank.R3> | undefined;

  constructor({ weight, bias, dilation, reach }: DilatedConv1d, rows: number) {
    const [outChannels, inChannels, kernelSize] = weight.shape;
    this.#product = new FrozenProduct(() => [
      reshape<Rank.R2>(transpose(weight, [2, 1, 0]), [kernelSize * inChannels, outChannels]),
      bias,
    ]);
    this.#steps = Array.from({ length: kernelSize - 1 }, (_, k) => reach - k * dilation);
    this.#past =
      reach === 0
        ? undefined
        : tidy(() => variable(zeros<Rank.R3>([reach, rows, inChannels]), false));
  }

  /**
   * @param x - `[B, in]`, what stands at the next position
   * @param goesOn - which rows have a past; the others forget it
   * @returns `[B, out]`
   */
  next(x: Tensor2D, goesOn: GoesOn): Tensor2D {
    const kept = this.#past;
    if (kept === undefined) return this.#product.apply(x);
    const [reach, B, inChannels] = kept.shape;
    const past = mul<Tensor3D>(kept, goesOn);
    const seen = this.#steps.map((back) =>
      reshape<Rank.R2>(slice(past, [reach - back, 0, 0], [1, B, inChannels]), [B, inChannels]),
    );
    const y = this.#product.apply(concat([...seen, x], 1)); // [B, k in] to [B, out]
    tidy(() => {
      const newest = reshape<Rank.R3>(x, [1, B, inChannels]);
      const newer: Tensor3D[] =
        reach === 1 ? [] : [slice(past, [1, 0, 0], [reach - 1, B, inChannels])];
      kept.assign(concat([...newer, newest]));
    });
    return y;
  }

  dispose(): void {
    this.#product.dispose();
    this.#past?.dispose();
  }
}
