import { makePriors, networkPrior, PRIOR_ROWS, type Priors } from '@llm101/inference';
import type { Settings } from '@llm101/runs';
import type { HeldOut } from './run-folder/data.js';
import { savedScores, threadsFor } from './threads/saved-scores.js';

/** What {@link priorsOf} makes priors for. */
export interface PriorsOfOptions {
  /** Characters of the longest n-gram. */
  readonly order: number;
  /** Threads that score for the network. */
  readonly workers: Settings['workers'];
  /** Tokens that the network will score, about. */
  readonly tokens: number;
}

/** N-grams of a text, and a network that scores on several threads; to be disposed of. */
export function priorsOf(
  { data, network }: HeldOut,
  { order, workers, tokens }: PriorsOfOptions,
): Priors & { readonly dispose: () => void } {
  if (network === undefined) return { ...makePriors(data, { order }), dispose: () => {} };
  const { config } = network;
  const threads = threadsFor(workers, { config, rows: PRIOR_ROWS, tokens });
  const prior = networkPrior(network, {
    scores: savedScores(network, { rows: PRIOR_ROWS, workers: threads }),
  });
  const priors = makePriors(data, { order, network: { name: config.type, prior } });
  return { ...priors, dispose: () => prior.dispose() };
}
