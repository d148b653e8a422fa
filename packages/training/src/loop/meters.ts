/** Sum and count behind a {@link RunningMean}. */
export interface RunningMeanState {
  /** Of values times their weights. */
  readonly sum: number;
  /** Sum of the weights. */
  readonly count: number;
}

/** The mean of all values so far, in double: the loss in the lecture's progress bar. */
export class RunningMean {
  #sum: number;
  #count: number;

  /** @param state - that of a mean which this one continues */
  constructor({ sum, count }: RunningMeanState = { sum: 0, count: 0 }) {
    this.#sum = sum;
    this.#count = count;
  }

  /**
   * Counts a value.
   *
   * @param weight - the observations that it stands for. Default: 1
   */
  add(value: number, weight = 1): void {
    this.#sum += value * weight;
    this.#count += weight;
  }

  /** NaN before the first value. */
  get value(): number {
    return this.#sum / this.#count;
  }

  /** What a mean that continues this one is made of. */
  state(): RunningMeanState {
    return { sum: this.#sum, count: this.#count };
  }
}

/** Steps a second since it was last read. */
export class StepRate {
  #steps = 0;
  #sinceMs = performance.now();

  /** Counts a step. */
  count(): void {
    this.#steps++;
  }

  /** Doesn't count a time in which nothing was to be done, in milliseconds. */
  leaveOut(ms: number): void {
    this.#sinceMs += ms;
  }

  /** The rate in steps a second; starts counting again. */
  read(): number {
    const nowMs = performance.now();
    const rate = (this.#steps * 1000) / Math.max(nowMs - this.#sinceMs, 1e-3);
    this.#steps = 0;
    this.#sinceMs = nowMs;
    return rate;
  }
}
