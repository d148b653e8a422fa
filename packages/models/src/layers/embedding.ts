import { gather } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import { normal, type Generator } from '@llm101/random';
import { checkSizes } from '../checks.js';
import { parameter } from '../init.js';
import { Module } from '../module.js';

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
   * @param tokens - `[B, T]` int32, 0 … V - 1
   * @returns `[B, T, C]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    return gather<Tensor>(this.weight, tokens) as Tensor3D;
  }

  override summary(): string {
    return this.weight.shape.join(', ');
  }
}
