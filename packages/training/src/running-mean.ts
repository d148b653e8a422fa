/** The mean of all values so far, in double: the loss in the lecture's progress bar. */
export class RunningMean {
  #sum = 0;
  #count = 0;

  /** @param weight - how many observations the value stands for */
  add(value: number, weight = 1): void {
    this.#sum += value * weight;
    this.#count += weight;
  }

  /** NaN before the first value. */
  get value(): number {
    return this.#sum / this.#count;
  }
}
