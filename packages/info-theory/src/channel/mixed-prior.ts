import type { LanguagePrior } from './language-prior.js';

/**
 * Several priors as one: the mean of their probabilities. Where one is surprised and another isn't, the mean loses at
 * most ln of their number in nats a symbol; models that err in different places, such as n-grams and a network,
 * predict better together than each alone.
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
