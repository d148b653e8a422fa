import { checkSize } from '../checks.js';
import { NgramModel, type NgramOptions } from '../language/ngram-model.js';
import { scaledFrequencies, type FrequencyTable } from './frequency-table.js';
import type { SymbolCoder } from './symbol-coder.js';

/**
 * Gives the frequencies with which each symbol is coded, and may learn from it. Sender and receiver run the same step,
 * so it decides the same on both sides.
 */
export interface SymbolModel {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /**
   * Predicts the next symbol, codes it and learns it.
   *
   * @param symbol - what to write; a decoder ignores it
   * @returns the symbol, given or read
   */
  code(coder: SymbolCoder, symbol: number): number;
}

/** The same frequencies at each step: a message of independent symbols. */
export class TableModel implements SymbolModel {
  readonly size: number;
  readonly #table: FrequencyTable;

  constructor(table: FrequencyTable) {
    this.size = table.size;
    this.#table = table;
  }

  code(coder: SymbolCoder, symbol: number): number {
    return coder.code(this.#table, symbol);
  }
}

/**
 * The frequencies of the symbols so far, each count increased by one. The table is rebuilt after each symbol at first,
 * later each time the text has grown by an eighth, so that building Huffman trees costs little.
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

/** Settings of {@link AdaptiveNgrams}. */
export interface AdaptiveNgramsOptions extends NgramOptions {
  /** The symbol that ends a sequence; without it, everything is one sequence. */
  readonly separator?: number;
}

/** An {@link NgramModel} that learns what it codes. */
export class AdaptiveNgrams implements SymbolModel {
  readonly size: number;
  readonly #model: NgramModel;
  readonly #separator: number | undefined;
  readonly #order: number;
  /** The newest symbols, of which the model sees `order - 1`. */
  #context: number[] = [];

  /** @throws RangeError when an option is out of its range */
  constructor({ separator, ...options }: AdaptiveNgramsOptions) {
    this.#model = new NgramModel(options);
    this.size = options.size;
    this.#separator = separator;
    this.#order = options.order;
  }

  code(coder: SymbolCoder, symbol: number): number {
    if (this.#context.length > 1000 + this.#order)
      this.#context = this.#context.slice(-this.#order);
    const table = scaledFrequencies(this.#model.probabilities(this.#context));
    const coded = coder.code(table, symbol);
    this.#model.observeNext(this.#context, coded);
    this.#context.push(coded);
    if (coded === this.#separator) this.#context.length = 0;
    return coded;
  }
}
