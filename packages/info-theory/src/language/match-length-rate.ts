import { checkSymbols } from '../check-symbols.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { SuffixAutomaton } from './suffix-automaton.js';

export interface MatchLengthOptions extends UnitOptions {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
}

/**
 * An estimate of a source's entropy rate without a model of it: the longer the stretches that have occurred before, the
 * less is new. With `Λ_i` the length of the shortest stretch from place `i` that isn't in the `i` symbols before it,
 * the rate is `1 / mean(Λ_i / ln i)`. It converges for any stationary ergodic source, slowly: like `1 / ln n`.
 *
 * Source: Kontoyiannis, Algoet, Suhov and Wyner (1998), "Nonparametric Entropy Estimation for Stationary Processes and
 * Random Fields, with Applications to English Text", estimator (c) with `Λ_i^i`; due to Grassberger (1989).
 *
 * @param sequence - `[n]` one text of symbols, n >= 4; stretches that run into its end are left out,
 *   and where all do, the rate is 0
 * @throws RangeError when a symbol isn't below the size, there are fewer than 4 or the unit is unknown
 */
export function matchLengthRate(sequence: ArrayLike<number>, options: MatchLengthOptions): number {
  const { size } = options;
  checkSymbols('matchLengthRate', sequence, size);
  if (sequence.length < 4) {
    throw new RangeError(
      `matchLengthRate: the sequence must have at least 4 symbols; got ${sequence.length}`,
    );
  }
  let sum = 0;
  let places = 0;
  const past = new SuffixAutomaton(size);
  for (let i = 0; i < sequence.length; i++) {
    if (i >= 2) {
      while (i + past.matched < sequence.length && past.match(sequence[i + past.matched]));
      if (i + past.matched === sequence.length) break; // each later stretch runs into the end too
      sum += (past.matched + 1) / Math.log(i);
      places++;
    }
    past.append(sequence[i]);
    past.dropFirst();
  }
  return inUnit('matchLengthRate', places === 0 ? 0 : places / sum, options);
}
