import { checkSize } from '../check-size.js';
import type { FrequencyTable } from './frequency-table.js';
import { scaledFrequencies } from './scaled-frequencies.js';
import type { SymbolCoder } from './symbol-coder.js';
import type { SymbolModel } from './symbol-model.js';

/**
 * The frequencies of the symbols so far, each counted once more than it occurred. The table is made anew at first with
 * each symbol, later each time an eighth has come in: that a Huffman code costs a tree then hardly counts.
 */
export class AdaptiveCounts implements SymbolModel {
  readonly size: number;
  readonly #counts: Float64Array;
  #table: FrequencyTable;
  #coded = 0;
  #renewal = 1;

  /** @throws RangeError when the size isn't a whole number from 1 on, or is above 32,768 */
  constructor(size: number) {
    checkSize('AdaptiveCounts', size);
    this.size = size;
    this.#counts = new Float64Array(size).fill(1);
    this.#table = scaledFrequencies(this.#counts);
  }

  code(coder: SymbolCoder, symbol: number): number {
    const coded = coder.code(this.#table, symbol);
    this.#counts[coded]++;
    if (++this.#coded >= this.#renewal) {
      this.#table = scaledFrequencies(this.#counts);
      this.#renewal = this.#coded + 1 + Math.floor(this.#coded / 8);
    }
    return coded;
  }
}
