import { portableExp, portableLog } from '../portable-math.js';

const CELLS = 4096;
/** Logits are clipped to this: a probability of 6e-6. */
const MOST = 12;
const STEPS = 128;

/**
 * Converts probabilities to logits and back, by tables made with exactly defined arithmetic; `Math.exp` and `Math.log`
 * may differ between engines.
 */
export class Logistic {
  readonly #stretched = new Float64Array(CELLS);
  readonly #squashed = new Float64Array(2 * MOST * STEPS + 2);

  constructor() {
    for (let i = 0; i < CELLS; i++) {
      const p = (i + 0.5) / CELLS;
      this.#stretched[i] = portableLog(p / (1 - p));
    }
    for (let i = 0; i < this.#squashed.length; i++) {
      this.#squashed[i] = 1 / (1 + portableExp(MOST - i / STEPS));
    }
  }

  /** ln(p / (1 - p)), in 4,096 steps. */
  stretch(p: number): number {
    return this.#stretched[Math.min(Math.floor(p * CELLS), CELLS - 1)];
  }

  /** 1 / (1 + e^-x), linear between points 1/128 apart. */
  squash(x: number): number {
    const position = (Math.min(Math.max(x, -MOST), MOST) + MOST) * STEPS;
    const i = Math.floor(position);
    return this.#squashed[i] + (position - i) * (this.#squashed[i + 1] - this.#squashed[i]);
  }
}

interface MixerOptions {
  readonly logistic: Logistic;
  readonly inputs: number;
  /** The number of sets of weights; each prediction chooses one. */
  readonly sets: number;
  /** `[inputs]` the initial weights of each set. */
  readonly initial: ArrayLike<number>;
}

/**
 * Mixes predictions: a weighted sum of logits, whose weights descend the gradient of the code's length. One neuron with
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

  /** The probability of a 1 by the last mix. */
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
