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
   * @param valueOf - computes that of variable i; what it takes for one is freed before the next
   */
  swap(valueOf: (i: number) => Tensor): void {
    this.#kept ??= this.#variables.map((variable, i) =>
      tidy(() => {
        const other = valueOf(i);
        const kept = keep(variable.clone());
        variable.assign(other);
        return kept;
      }),
    );
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
