import { checkCounts, checkTotal } from '../checks.js';
import { sum } from '../sums.js';

/** A coder's range has at least 24 bits, of which this leaves 8 for accuracy. */
const MOST_TOTAL = 2 ** 16;

/**
 * A distribution as coders need it: whole numbers, each symbol's part of a total, side by side. Unlike floating-point
 * probabilities, they are exactly the same for sender and receiver.
 */
export class FrequencyTable {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /** The sum of the frequencies, 1 … 65,536. */
  readonly total: number;
  /** `[size + 1]` the start of each symbol's part of the total. */
  readonly #starts: Uint32Array;

  /**
   * @param frequencies - `[size]` whole numbers from 0 on; a symbol of frequency 0 can't be coded
   * @throws RangeError when one isn't, or their sum isn't in 1 … 65,536
   */
  constructor(frequencies: ArrayLike<number>) {
    this.size = frequencies.length;
    this.#starts = new Uint32Array(this.size + 1);
    let total = 0;
    for (let i = 0; i < this.size; i++) {
      const frequency = frequencies[i];
      if (!(Number.isInteger(frequency) && frequency >= 0)) {
        throw new RangeError(
          `FrequencyTable: frequencies must be whole numbers from 0 on; got ${String(frequency)} at index ${i}`,
        );
      }
      total += frequency;
      this.#starts[i + 1] = total;
    }
    if (!(total >= 1 && total <= MOST_TOTAL)) {
      throw new RangeError(
        `FrequencyTable: frequencies must sum to 1 … ${MOST_TOTAL}; got ${total}; scale them with scaledFrequencies()`,
      );
    }
    this.total = total;
  }

  /** The sum of the frequencies of the symbols before this one. */
  start(symbol: number): number {
    return this.#starts[symbol];
  }

  /** A symbol's frequency, out of the total. */
  frequency(symbol: number): number {
    return this.#starts[symbol + 1] - this.#starts[symbol];
  }

  /** The symbol whose part contains this position of the total, 0 … total - 1. */
  symbolAt(position: number): number {
    let low = 0;
    let high = this.size;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}

/**
 * Counts or probabilities as a coder's frequencies: each symbol gets 1, the rest of the total is distributed by weight,
 * rounded down, and the remainder goes to the heaviest symbol (the first of several). Of a total of 65,536 the ones
 * cost `n / 65,536` of the probability, some 0.0006 bits per symbol for 27 symbols.
 *
 * Sums, products, quotients and `Math.floor` of doubles: the same weights give the same frequencies in every engine.
 * Weights that differ in the last bit can give other frequencies, where a value is next to a whole number: sender and
 * receiver need the same bits. Counts, and what these operations make of them (`NgramModel`), have the same bits; for logits see
 * `frequenciesFromLogits`.
 *
 * @param weights - `[n]` finite and not negative, n at most half of the total
 * @param total - a power of two, at most 65,536; default: 65,536
 * @throws RangeError when a weight isn't finite or is negative, their sum isn't positive and finite, or the total isn't
 *   such a power of two or is too small
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
  const divisible = total - weights.length;
  let left = divisible;
  let heaviest = 0;
  for (let i = 0; i < weights.length; i++) {
    const part = Math.min(Math.floor((weights[i] / whole) * divisible), left);
    frequencies[i] = 1 + part;
    left -= part;
    if (weights[i] > weights[heaviest]) heaviest = i;
  }
  frequencies[heaviest] += left;
  return new FrequencyTable(frequencies);
}

/** @throws RangeError unless the total is a power of two up to 65,536, at least twice the number of symbols */
function checkScale(where: string, symbols: number, total: number): void {
  const power = Number.isInteger(total) && total >= 2 && (total & (total - 1)) === 0;
  if (!(power && total <= MOST_TOTAL && total >= 2 * symbols)) {
    throw new RangeError(
      `${where}: total must be a power of two, at most ${MOST_TOTAL} and at least twice the ${symbols} symbols; got ${String(total)}`,
    );
  }
}
