import { type LanguageModel, nextTokenScores, type NextTokenScores } from '@llm101/models';
import { logSoftmax } from '@tensorflow/tfjs-core';
import { compilePlain } from './plain.js';

/** Whether a model's scores are normalised: log-probabilities. */
export type ScoreKind = 'scores' | 'log-probabilities';

/** How {@link plainScores} scores. */
export interface PlainScoresOptions {
  /** How many contexts are scored at once, at most. */
  readonly rows: number;
  /** Default: `scores`. */
  readonly kind?: ScoreKind | undefined;
}

/** `nextTokenScores` of a saved model, compiled, on this thread. */
export function plainScores(
  model: LanguageModel,
  { rows, kind = 'scores' }: PlainScoresOptions,
): NextTokenScores {
  return nextTokenScores(model, {
    rows,
    compile:
      kind === 'scores'
        ? compilePlain
        : (step, settings) => compilePlain((...inputs) => logSoftmax(step(...inputs)), settings),
  });
}
