import type { Logistic } from './logistic.js';

export interface MixerOptions {
  readonly logistic: Logistic;
  readonly inputs: number;
  /** How many sets of weights there are; which is used is told with each prediction. */
  readonly sets: number;
  /** `[inputs]` what each set starts with. */
  readonly initial: ArrayLike<number>;
}

/**
 * Mixes predictions: a weighted sum of logits, whose weights follow the gradient of the code's length. One neuron with
 * a set of weights for each situation.
 *
 * Source: Mahoney (2005), "Adaptive Weighing of Context Models for Lossless Data Compression".
 */
export class Mixer {
  readonly #logistic: Logistic;
  readonly #weights: Float64Array;
  readonly #inputs: number;
  #offset = 0;
  #probability = 0.5;

  constructor({ logistic, inputs, sets, initial }: MixerOptions) {
    this.#logistic = logistic;
    this.#inputs = inputs;
    this.#weights = new Float64Array(inputs * sets);
    for (let set = 0; set < sets; set++) this.#weights.set(Array.from(initial), set * inputs);
  }

  /** @returns the mixed logit */
  mix(logits: Float64Array, set: number): number {
    this.#offset = set * this.#inputs;
    let sum = 0;
    for (let i = 0; i < this.#inputs; i++) sum += this.#weights[this.#offset + i] * logits[i];
    this.#probability = this.#logistic.squash(sum);
    return sum;
  }

  /** How likely a 1 is by the last mix. */
  get probability(): number {
    return this.#probability;
  }

  /** The weight of an input in the last mix. */
  weight(input: number): number {
    return this.#weights[this.#offset + input];
  }

  learn(logits: Float64Array, error: number, rate: number): void {
    const step = rate * error;
    for (let i = 0; i < this.#inputs; i++) this.#weights[this.#offset + i] += step * logits[i];
  }
}
