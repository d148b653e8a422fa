import { keep, tidy, type Tensor, type Variable } from '@tensorflow/tfjs-core';

/** Gives variables other values for a while. */
export class SwappedValues {
  readonly #variables: readonly Variable[];
  #kept: readonly Tensor[] | undefined;

  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
  }

  /**
   * Nothing happens where they have other values already.
   *
   * @param values - computes one for each variable
   */
  swap(values: () => readonly Tensor[]): void {
    if (this.#kept !== undefined) return;
    tidy(() => {
      const others = values();
      this.#kept = this.#variables.map((variable) => keep(variable.clone()));
      for (const [i, variable] of this.#variables.entries()) variable.assign(others[i]);
    });
  }

  /** Gives them back what they had, if they have other values. */
  swapBack(): void {
    tidy(() => {
      for (const [i, value] of (this.#kept ?? []).entries())
        this.#variables[i].assign(value.clone());
    });
    this.forget();
  }

  /** Leaves them what they have now. */
  forget(): void {
    for (const value of this.#kept ?? []) value.dispose();
    this.#kept = undefined;
  }
}
