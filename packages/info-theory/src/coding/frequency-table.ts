/** A coder's range has 24 bits or more, of which this leaves 8 for accuracy. */
export const MOST_TOTAL = 2 ** 16;

/**
 * A distribution as coders want it: whole numbers, each symbol's share of a total, laid side by side. Unlike
 * probabilities in floating point these are the same for sender and receiver, or not at all.
 */
export class FrequencyTable {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /** The sum of the frequencies, 1 … 65,536. */
  readonly total: number;
  /** `[size + 1]` where each symbol's part of the total starts. */
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

  /** How often a symbol occurs, out of the total. */
  frequency(symbol: number): number {
    return this.#starts[symbol + 1] - this.#starts[symbol];
  }

  /** The symbol whose part holds this place of the total, 0 … total - 1. */
  symbolAt(place: number): number {
    let low = 0;
    let high = this.size;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] <= place) low = middle;
      else high = middle;
    }
    return low;
  }
}
