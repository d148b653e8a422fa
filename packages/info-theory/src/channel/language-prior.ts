import type { SymbolPredictor } from '../language/symbol-predictor.js';

/** A language model as a decoder asks it: for many contexts at once, as a network answers them best. */
export interface LanguagePrior {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /**
   * @param contexts - `[B]` the symbols of a sequence so far, from its start; often many hundreds, of one length
   * @returns `[B, size]` ln p(symbol | context), row by row; -Infinity for what can't be
   */
  logProbabilities(contexts: readonly (readonly number[])[]): ArrayLike<number>;
}

/** A model that answers one context at a time as a prior. */
export function priorOf(model: SymbolPredictor): LanguagePrior {
  return {
    size: model.size,
    logProbabilities: (contexts) => {
      const rows = new Float64Array(contexts.length * model.size);
      for (const [b, context] of contexts.entries()) {
        const p = model.probabilities(context);
        for (let w = 0; w < model.size; w++) rows[b * model.size + w] = Math.log(p[w]);
      }
      return rows;
    },
  };
}
