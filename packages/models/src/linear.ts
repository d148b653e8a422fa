import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { affine } from './affine.js';
import { checkSizes } from './check-sizes.js';
import { Module } from './module.js';
import { uniformParameter } from './uniform-parameter.js';

/** `y = x Wᵀ + b` over the last axis: `nn.Linear(inFeatures, outFeatures)`, with its initialisation. */
export class Linear extends Module {
  /** `[out, in]` */
  readonly weight: Variable<Rank.R2>;
  /** `[out]` */
  readonly bias: Variable<Rank.R1>;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(inFeatures: number, outFeatures: number, generator: Generator) {
    super();
    checkSizes('Linear', { inFeatures, outFeatures });
    this.weight = uniformParameter([outFeatures, inFeatures], inFeatures, generator);
    this.bias = uniformParameter([outFeatures], inFeatures, generator);
  }

  /**
   * @param x - `[…, in]`
   * @returns `[…, out]`
   * @throws RangeError when the last axis isn't `in` long
   */
  forward<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const [, inFeatures] = this.weight.shape;
    if (x.shape.at(-1) !== inFeatures) {
      throw new RangeError(
        `Linear: inputs must have ${inFeatures} columns; got shape [${x.shape.join(', ')}]`,
      );
    }
    return affine(x, this.weight, this.bias);
  }

  override summary(): string {
    const [outFeatures, inFeatures] = this.weight.shape;
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=True`;
  }
}
