/** Says what may come next: an n-gram model here, a network elsewhere. */
export interface SymbolPredictor {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /**
   * @param context - the symbols of the sequence so far, from its start; a model looks as far back as it can
   * @returns `[size]` the probability of each symbol to come next
   */
  probabilities(context: ArrayLike<number>): ArrayLike<number>;
}
