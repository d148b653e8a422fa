import { scalar, tidy, variable, type Rank, type Variable } from '@tensorflow/tfjs-core';

/** A learning rate that steps read from a variable, so that a compiled step sees it change. */
export class LearningRate {
  readonly variable: Variable<Rank.R0>;
  readonly #spare: Variable<Rank.R0>;
  #value: number;

  constructor(value: number) {
    this.#value = value;
    this.variable = tidy(() => variable<Rank.R0>(scalar(value), false));
    this.#spare = tidy(() => variable<Rank.R0>(scalar(0), false));
  }

  get value(): number {
    return this.#value;
  }

  set value(value: number) {
    if (value === this.#value) return;
    this.#value = value;
    tidy(() => {
      // Frees the old value's memory first, so that the new one gets the same: a compiled step whose variable has moved
      // is linked anew, which costs a fifth to a third of its rate.
      this.variable.assign(this.#spare);
      this.variable.assign(scalar(value));
    });
  }

  dispose(): void {
    this.variable.dispose();
    this.#spare.dispose();
  }
}
