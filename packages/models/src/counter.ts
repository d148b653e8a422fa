import { add, scalar, tidy, variable, type Rank, type Variable } from '@tensorflow/tfjs-core';

/**
 * A count of calls in a variable, int32 without axes. A compiled step replays the addition, so that it counts on where a
 * number of JavaScript would stand still.
 */
export class Counter {
  /** Where the count is. */
  readonly variable: Variable<Rank.R0>;

  constructor() {
    this.variable = tidy(() => variable<Rank.R0>(scalar(0, 'int32'), false));
  }

  /** Adds one. */
  advance(): void {
    tidy(() => this.variable.assign(add(this.variable, scalar(1, 'int32'))));
  }

  /** Calls so far. */
  get value(): number {
    return this.variable.dataSync()[0];
  }

  /** Frees the variable. */
  dispose(): void {
    this.variable.dispose();
  }
}
