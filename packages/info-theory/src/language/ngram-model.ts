import { checkSize, checkSymbols } from '../checks.js';
import { NgramTree } from './ngram-tree.js';
import { kneserNey, wittenBell } from './smoothing.js';
import type { SymbolPredictor } from './symbol-predictor.js';

/** How an n-gram model shares out probability between contexts of different lengths. */
export type Smoothing = 'kneser-ney' | 'witten-bell';

/** Settings of {@link NgramModel}. */
export interface NgramOptions {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /** Symbols in the longest n-gram, from 1 on: 2 looks one symbol back. */
  readonly order: number;
  /** `kneser-ney` (modified, interpolated) unless given. */
  readonly smoothing?: Smoothing;
}

/**
 * Predicts a symbol from those before it by counts of n-grams. Learns at any time, so it also serves as an adaptive
 * model; its probabilities are never 0, and made of sums, products and quotients of doubles in a fixed order: the same
 * bits in each engine.
 *
 * A sequence is a line, a word, a text; its start counts as a symbol before the first. Let each end with the same
 * symbol if its end is to be predicted too.
 */
export class NgramModel implements SymbolPredictor {
  readonly size: number;
  /** Symbols in the longest n-gram. */
  readonly order: number;
  /** How much n-grams that never occurred get. */
  readonly smoothing: Smoothing;
  readonly #tree: NgramTree;

  /** @throws RangeError when the size or the order isn't a whole number from 1 on, or the smoothing is unknown */
  constructor({ size, order, smoothing = 'kneser-ney' }: NgramOptions) {
    checkSize('NgramModel', size);
    checkSize('NgramModel', order, 'order');
    if (smoothing !== 'kneser-ney' && smoothing !== 'witten-bell') {
      smoothing satisfies never;
      throw new RangeError(
        `NgramModel: smoothing must be 'kneser-ney' or 'witten-bell'; got ${String(smoothing)}`,
      );
    }
    this.size = size;
    this.order = order;
    this.smoothing = smoothing;
    this.#tree = new NgramTree(order);
  }

  /**
   * Counts the n-grams of a sequence.
   *
   * @param sequence - `[n]` symbols, 0 … size - 1
   * @throws RangeError when a symbol isn't a whole number below the size
   */
  observe(sequence: ArrayLike<number>): void {
    checkSymbols('NgramModel', sequence, this.size);
    const context: number[] = [];
    for (let i = 0; i < sequence.length; i++) {
      this.#tree.add(context, sequence[i]);
      context.push(sequence[i]);
    }
  }

  /** Counts one symbol after a context: a sequence can be learned while it is predicted. */
  observeNext(context: ArrayLike<number>, symbol: number): void {
    checkSymbols('NgramModel', [symbol], this.size);
    this.#tree.add(context, symbol);
  }

  /**
   * @param context - the symbols of the sequence so far, from its start
   * @returns `[size]` the probability of each symbol to come next, positive
   */
  probabilities(context: ArrayLike<number>): Float64Array {
    const nodes = this.#tree.path(context);
    const p = new Float64Array(this.size).fill(1 / this.size);
    if (this.smoothing === 'witten-bell') wittenBell(nodes, p);
    else kneserNey(nodes, this.#tree.countsOfCounts, p);
    return p;
  }
}
