import { add, gather, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
import type {
  Rank,
  ShapeMap,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Variable,
} from '@tensorflow/tfjs-core';
import { normal, type Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import { parameter, uniformParameter } from '../init.js';
import { Module } from '../module.js';

/** Settings of {@link Linear}. */
export interface LinearOptions {
  /** Whether something is added to the product; default: true. */
  readonly bias?: boolean;
}

/** `y = x Wᵀ + b` over the last axis: `nn.Linear(inFeatures, outFeatures, bias)`, with its initialisation. */
export class Linear extends Module {
  /** `[out, in]` */
  readonly weight: Variable<Rank.R2>;
  /** `[out]`, where there is one. */
  readonly bias: Variable<Rank.R1> | undefined;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(
    inFeatures: number,
    outFeatures: number,
    generator: Generator,
    { bias = true }: LinearOptions = {},
  ) {
    super();
    checkSizes('Linear', { inFeatures, outFeatures });
    this.weight = uniformParameter([outFeatures, inFeatures], inFeatures, generator);
    this.bias = bias ? uniformParameter([outFeatures], inFeatures, generator) : undefined;
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
    const bias = this.bias === undefined ? 'False' : 'True';
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${bias}`;
  }
}

/** `x Wᵀ + b` over the last axis, `[…, in]` to `[…, out]`: `F.linear`, with weight `[out, in]` and bias `[out]` or none. */
export function affine<R extends Rank>(x: Tensor<R>, weight: Tensor2D, bias?: Tensor1D): Tensor<R> {
  const [outFeatures, inFeatures] = weight.shape;
  const rows = reshape<Rank.R2>(x, [x.size / inFeatures, inFeatures]);
  // Not matMul's own transposition: tfjs' wasm kernel walks a transposed factor by columns, 4x slower forward.
  const product = matMul(rows, transpose(weight));
  const y = bias === undefined ? product : add<Tensor2D>(product, bias);
  return reshape<R>(y, [...x.shape.slice(0, -1), outFeatures] as ShapeMap[R]);
}

/** A learned vector for each symbol: `nn.Embedding(vocabSize, dEmbed)`, drawn from a standard normal. */
export class Embedding extends Module {
  /** `[V, C]` */
  readonly weight: Variable<Rank.R2>;

  /** @throws RangeError when a size isn't a whole number of at least 1 */
  constructor(vocabSize: number, dEmbed: number, generator: Generator) {
    super();
    checkSizes('Embedding', { vocabSize, dEmbed });
    this.weight = parameter(normal(generator, vocabSize * dEmbed), [vocabSize, dEmbed]);
  }

  /**
   * @param tokens - `[B, T]` or `[T]` int32, 0 … V - 1
   * @returns `[B, T, C]`, or `[T, C]`
   */
  forward(tokens: Tensor2D): Tensor3D;
  forward(tokens: Tensor1D): Tensor2D;
  forward(tokens: Tensor1D | Tensor2D): Tensor {
    return gather<Tensor>(this.weight, tokens);
  }

  override summary(): string {
    return this.weight.shape.join(', ');
  }
}
