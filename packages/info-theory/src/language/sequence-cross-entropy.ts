import type { UnitOptions } from '../unit-options.js';
import { sequenceSurprisals } from './sequence-surprisals.js';
import type { SymbolPredictor } from './symbol-predictor.js';

/**
 * What a model needs a symbol on sequences it hasn't learned from: the mean of their symbols' surprisals. An upper
 * bound for the entropy of the language, apart from the sample's luck; `perplexity` makes a number of choices of it.
 *
 * Source: Brown, Della Pietra, Mercer, Della Pietra and Lai (1992), "An Estimate of an Upper Bound for the Entropy of
 * English".
 *
 * @param sequences - lines or texts of symbols, 0 … model.size - 1
 * @throws RangeError when a symbol isn't below the model's size, there is none or the unit is unknown
 */
export function sequenceCrossEntropy(
  model: SymbolPredictor,
  sequences: Iterable<ArrayLike<number>>,
  options: UnitOptions = {},
): number {
  let total = 0;
  let symbols = 0;
  for (const sequence of sequences) {
    for (const surprisal of sequenceSurprisals(model, sequence, options)) total += surprisal;
    symbols += sequence.length;
  }
  if (symbols === 0) {
    throw new RangeError('sequenceCrossEntropy: the sequences must have a symbol; got none');
  }
  return total / symbols;
}
