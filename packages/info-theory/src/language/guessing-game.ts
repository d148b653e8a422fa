import { checkSymbols, checkWholeCounts } from '../checks.js';
import { entropyOf } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';
import type { SymbolPredictor } from './symbol-predictor.js';

/**
 * Shannon's guessing game, played by a model: it guesses the next symbol, the likeliest first, until it is right.
 *
 * Source: Shannon (1951), "Prediction and Entropy of Printed English", section 3, where people guess.
 *
 * @param sequences - lines or texts of symbols, 0 … model.size - 1
 * @returns `[size]` how often the first, second, … guess was right; among equally likely symbols the lower one comes
 *   first
 * @throws RangeError when a symbol isn't below the model's size
 */
export function guessRanks(
  model: SymbolPredictor,
  sequences: Iterable<ArrayLike<number>>,
): Uint32Array {
  const ranks = new Uint32Array(model.size);
  for (const sequence of sequences) {
    checkSymbols('guessRanks', sequence, model.size);
    const context: number[] = [];
    for (let i = 0; i < sequence.length; i++) {
      const symbol = sequence[i];
      const p = model.probabilities(context);
      let rank = 0;
      for (let w = 0; w < p.length; w++) {
        if (p[w] > p[symbol] || (p[w] === p[symbol] && w < symbol)) rank++;
      }
      ranks[rank]++;
      context.push(symbol);
    }
  }
  return ranks;
}

/** Bounds of the entropy of a language, for a guesser who knows its probabilities. */
export interface EntropyBounds {
  /** The entropy is at least this. */
  readonly lower: number;
  /** The entropy is at most this. */
  readonly upper: number;
}

/**
 * The bounds of the entropy that follow from numbers of guesses: at most the entropy of the ranks `q`, since they
 * encode the text for anyone who guesses alike; at least `Σ i (q_i - q_{i+1}) ln i`. That is the mean entropy of even
 * choices among `i` ranks, of which a decreasing `q` is a mixture. A good guesser's `q` decreases; where a small
 * sample's doesn't, it is sorted.
 *
 * Source: Shannon (1951), "Prediction and Entropy of Printed English", equation 17.
 *
 * @param ranks - `[size]` how often the first, second, … guess was right
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function guessingBounds(ranks: ArrayLike<number>, options: UnitOptions = {}): EntropyBounds {
  const total = checkWholeCounts('guessingBounds', ranks);
  const q = Float64Array.from(ranks, (count) => count / total).sort((a, b) => b - a);
  let lower = 0;
  for (let i = 0; i < q.length; i++) {
    lower += (i + 1) * (q[i] - (i + 1 < q.length ? q[i + 1] : 0)) * Math.log(i + 1);
  }
  return {
    lower: inUnit('guessingBounds', lower, options),
    upper: inUnit('guessingBounds', entropyOf(q), options),
  };
}
