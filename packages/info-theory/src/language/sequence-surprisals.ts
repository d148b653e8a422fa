import { checkSymbols } from '../check-symbols.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import type { SymbolPredictor } from './symbol-predictor.js';

/**
 * How surprising each symbol of a sequence is to a model that has seen those before it: `-ln p(x_i | x_0 … x_{i-1})`.
 *
 * @param sequence - `[n]` symbols, 0 … model.size - 1
 * @returns `[n]` Infinity where the model ruled the symbol out
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
    const nats = 0 - Math.log(model.probabilities(context)[symbol]);
    context.push(symbol);
    return inUnit('sequenceSurprisals', nats, options);
  });
}
