import type { SymbolPredictor } from '../language/symbol-predictor.js';

/** A language model as a decoder calls it: with many contexts at once, which suits networks. */
export interface LanguagePrior {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /**
   * @param contexts - `[B]` the symbols of a sequence so far, from its start; often many hundreds, of one length
   * @returns `[B, size]` ln p(symbol | context), row by row; -Infinity for impossible symbols
   */
  logProbabilities(contexts: readonly (readonly number[])[]): ArrayLike<number>;
}

/** Makes a prior of a model that takes one context at a time. */
export function priorOf(model: SymbolPredictor): LanguagePrior {
  return {
    size: model.size,
    logProbabilities: (contexts) => {
      const { size } = model;
      const rows = new Float64Array(contexts.length * size);
      const known = new Map<unknown, number>();
      for (const [b, context] of contexts.entries()) {
        const state = model.stateAfter?.(context) ?? context;
        const same = known.get(state);
        if (same !== undefined) {
          rows.copyWithin(b * size, same * size, (same + 1) * size);
          continue;
        }
        known.set(state, b);
        const p = model.probabilities(context);
        for (let w = 0; w < size; w++) rows[b * size + w] = Math.log(p[w]);
      }
      return rows;
    },
  };
}

/**
 * Combines priors: the mean of their probabilities. It loses at most ln of their number in nats per symbol to the best
 * of them; models with different errors, such as n-grams and a network, predict better together than each alone.
 *
 * Source: Jelinek and Mercer (1980), "Interpolated Estimation of Markov Source Parameters from Sparse Data".
 *
 * @param priors - one or more, of the same size
 * @throws RangeError when there is none, or they differ in size
 */
export function mixedPrior(priors: readonly LanguagePrior[]): LanguagePrior {
  if (priors.length === 0) {
    throw new RangeError('mixedPrior: there must be a prior or more; got none');
  }
  const [{ size }] = priors;
  const other = priors.find((prior) => prior.size !== size);
  if (other !== undefined) {
    throw new RangeError(
      `mixedPrior: all priors must be of the same size; got ${size} and ${other.size}`,
    );
  }
  return {
    size,
    logProbabilities: (contexts) => {
      const mean = new Float64Array(contexts.length * size);
      for (const prior of priors) {
        const rows = prior.logProbabilities(contexts);
        for (let i = 0; i < mean.length; i++) mean[i] += Math.exp(rows[i]) / priors.length;
      }
      return mean.map(Math.log);
    },
  };
}
