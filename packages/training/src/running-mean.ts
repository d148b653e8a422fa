/** Sum and count behind a {@link RunningMean}. */
export interface RunningMeanState {
  readonly sum: number;
  readonly count: number;
}

/** The mean of all values so far, in double: the loss in the lecture's progress bar. */
export class RunningMean {
  #sum: number;
  #count: number;

  /** @param state - that of a mean which this one goes on with */
  constructor({ sum, count }: RunningMeanState = { sum: 0, count: 0 }) {
    this.#sum = sum;
    this.#count = count;
  }

  /** @param weight - how many observations the value stands for */
  add(value: number, weight = 1): void {
    this.#sum += value * weight;
    this.#count += weight;
  }

  /** NaN before the first value. */
  get value(): number {
    return this.#sum / this.#count;
  }

  state(): RunningMeanState {
    return { sum: this.#sum, count: this.#count };
  }
}
