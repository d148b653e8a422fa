import { mul, tensor, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import type { Generator } from '@llm101/random';
import { Counter } from './counter.js';
import { dropoutMask } from './dropout-mask.js';
import { runFused } from './fused-kernel.js';
import type { Mode } from './mode.js';
import { Module } from './module.js';
import { pythonNumber } from './python-number.js';

/**
 * In training each value is left out with probability `rate`, and what is kept grows by `1 / (1 - rate)`; in evaluation
 * nothing is changed: `nn.Dropout(rate)`. The mask is a function of a seed and of a counter that each call of training
 * advances, so that every step, compiled ones too, draws a new one, and a run with the same seed the same ones.
 *
 * Source: Srivastava et al. (2014), https://jmlr.org/papers/v15/srivastava14a.html
 */
export class Dropout extends Module {
  /** Calls in training so far. */
  readonly counter = new Counter();
  readonly #rate: number;
  readonly #seed: number;

  /**
   * @param generator - draws the seed, 32 bits
   * @throws RangeError unless rate is from 0 to below 1
   */
  constructor(rate: number, generator: Generator) {
    super();
    if (!(rate >= 0 && rate < 1)) {
      throw new RangeError(`Dropout: rate must be from 0 to below 1; got ${rate}`);
    }
    this.#rate = rate;
    this.#seed = generator.nextUint32();
  }

  /**
   * @param mode - `'evaluation'` unless given
   * @returns of the shape of x
   */
  forward<R extends Rank>(x: Tensor<R>, mode: Mode = 'evaluation'): Tensor<R> {
    if (mode === 'evaluation' || this.#rate === 0) return x;
    const attrs = { rate: this.#rate, seed: this.#seed };
    const inputs = { x, counter: this.counter.variable };
    const fused = runFused({ name: 'SeededDropout', inputs, attrs }) as Tensor<R> | undefined;
    const y = fused ?? this.#composed(x);
    this.counter.advance();
    return y;
  }

  override summary(): string {
    return `p=${pythonNumber(this.#rate)}, inplace=False`;
  }

  /** tfjs has no operations on bits, so that the mask is made in JavaScript. */
  #composed<R extends Rank>(x: Tensor<R>): Tensor<R> {
    const counter = this.counter.value;
    const mask = dropoutMask({ rate: this.#rate, seed: this.#seed, counter, size: x.size });
    return mul(x, tensor<R>(mask, x.shape));
  }
}
