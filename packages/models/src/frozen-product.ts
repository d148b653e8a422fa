import {
  add,
  concat,
  keep,
  matMul,
  tidy,
  transpose,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Linear } from './linear.js';

/**
 * `x W + b` with copies of a weight and a bias, laid out for the product once: what a single row multiplies takes less time
 * than to transpose it.
 */
export class FrozenProduct {
  /** `[in, out]` */
  readonly #matrix: Tensor2D;
  /** `[out]` */
  readonly #bias: Tensor1D;

  /** @param make - the matrix `[in, out]` and the bias `[out]`; run in a tidy */
  constructor(make: () => readonly [matrix: Tensor2D, bias: Tensor1D]) {
    const [matrix, bias] = tidy(() => make().map((tensor) => keep(tensor.clone())));
    this.#matrix = matrix as Tensor2D;
    this.#bias = bias as Tensor1D;
  }

  /** Layers of the same input, their outputs side by side. */
  static ofLinear(...layers: readonly Linear[]): FrozenProduct {
    return new FrozenProduct(() => [
      concat(
        layers.map(({ weight }) => transpose(weight)),
        1,
      ),
      concat(layers.map(({ bias }) => bias)),
    ]);
  }

  /**
   * @param x - `[B, in]`
   * @returns `[B, out]`
   */
  apply(x: Tensor2D): Tensor2D {
    return add(matMul(x, this.#matrix), this.#bias);
  }

  dispose(): void {
    this.#matrix.dispose();
    this.#bias.dispose();
  }
}
