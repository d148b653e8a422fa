import { checkCounts } from '../check-counts.js';
import { checkTotal } from '../check-total.js';
import { sum } from '../sum.js';
import { FrequencyTable, MOST_TOTAL } from './frequency-table.js';

/**
 * Counts or probabilities as a coder's frequencies: each symbol gets 1, the rest of the total is shared out by weight,
 * rounded down, and what is left over goes to the heaviest symbol (the first of several). Of a total of 65,536 the ones
 * cost `n / 65,536` of the probability, some 0.0006 bits a symbol for 27 symbols.
 *
 * Sums, products, quotients and `Math.floor` of doubles: the same weights give the same frequencies in each engine. But
 * weights that differ in a last bit can give others, as any rounding has an edge: sender and receiver need the same
 * bits. Counts and what is made of them by these operations (`NgramModel`) have them; for logits see
 * `frequenciesFromLogits`.
 *
 * @param weights - `[n]` finite and not negative, n at most half of the total
 * @param total - a power of two, at most 65,536, which it is unless given
 * @throws RangeError when a weight isn't finite or is negative, their sum isn't positive and finite, or the total is no
 *   such power of two or too small
 */
export function scaledFrequencies(
  weights: ArrayLike<number>,
  total: number = MOST_TOTAL,
): FrequencyTable {
  const where = 'scaledFrequencies';
  checkCounts(where, weights, 'weights');
  const whole = sum(weights);
  checkTotal(where, whole);
  checkScale(where, weights.length, total);
  const frequencies = new Uint32Array(weights.length);
  const shared = total - weights.length;
  let left = shared;
  let heaviest = 0;
  for (let i = 0; i < weights.length; i++) {
    const share = Math.min(Math.floor((weights[i] / whole) * shared), left);
    frequencies[i] = 1 + share;
    left -= share;
    if (weights[i] > weights[heaviest]) heaviest = i;
  }
  frequencies[heaviest] += left;
  return new FrequencyTable(frequencies);
}

/** @throws RangeError unless the total is a power of two up to 65,536 that leaves most of itself to share out */
function checkScale(where: string, symbols: number, total: number): void {
  const power = Number.isInteger(total) && total >= 2 && (total & (total - 1)) === 0;
  if (!(power && total <= MOST_TOTAL && total >= 2 * symbols)) {
    throw new RangeError(
      `${where}: total must be a power of two, at most ${MOST_TOTAL} and at least twice the ${symbols} symbols; got ${String(total)}`,
    );
  }
}
