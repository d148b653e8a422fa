import { checkSymbols } from '../checks.js';
import { inUnit, type UnitOptions } from '../units.js';

/** Predicts the next symbol: an n-gram model here, a network elsewhere. */
export interface SymbolPredictor {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /**
   * @param context - the symbols of the sequence so far, from its start; a model looks back as far as it can
   * @returns `[size]` the probability of each next symbol
   */
  probabilities(context: ArrayLike<number>): ArrayLike<number>;
  /**
   * The probability of one next symbol, the same as among `probabilities`, where a model can give it without those of all
   * others.
   */
  probability?(context: ArrayLike<number>, symbol: number): number;
  /**
   * What the prediction after a context depends on: contexts with the same (by `===`) are predicted alike. Default: each
   * is different.
   */
  stateAfter?(context: ArrayLike<number>): unknown;
}

/**
 * The surprisal of each symbol of a sequence for a model that has seen those before it: `-ln p(x_i | x_0 … x_{i-1})`.
 *
 * @param sequence - `[n]` symbols, 0 … model.size - 1
 * @returns `[n]` Infinity where the model ruled out the symbol
 * @throws RangeError when a symbol isn't below the model's size or the unit is unknown
 */
export function sequenceSurprisals(
  model: SymbolPredictor,
  sequence: ArrayLike<number>,
  options: UnitOptions = {},
): Float64Array {
  checkSymbols('sequenceSurprisals', sequence, model.size);
  const context: number[] = [];
  return Float64Array.from(sequence, (symbol) => {
    const p = model.probability?.(context, symbol) ?? model.probabilities(context)[symbol];
    const nats = 0 - Math.log(p);
    context.push(symbol);
    return inUnit('sequenceSurprisals', nats, options);
  });
}

/**
 * A model's mean surprisal per symbol on sequences it hasn't learned from. An upper bound of the entropy of the
 * language, up to sampling error; `perplexity` converts it to a number of choices.
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
