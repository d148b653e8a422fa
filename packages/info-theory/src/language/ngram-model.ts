import { checkSize, checkSymbols } from '../checks.js';
import { NgramTree } from './ngram-tree.js';
import { kneserNey, wittenBell } from './smoothing.js';
import type { SymbolPredictor } from './symbol-predictor.js';

/** How an n-gram model distributes probability among contexts of different lengths. */
export type Smoothing = 'kneser-ney' | 'witten-bell';

/** Settings of {@link NgramModel}. */
export interface NgramOptions {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
  /** The length of the longest n-gram, from 1 on: 2 looks one symbol back. */
  readonly order: number;
  /** Default: `kneser-ney` (modified, interpolated). */
  readonly smoothing?: Smoothing;
}

/**
 * Predicts a symbol from those before it by counts of n-grams. It can learn at any time, so it also serves as an
 * adaptive model. Its probabilities are never 0, and are computed by sums, products and quotients of doubles in a fixed
 * order: the same bits in every engine.
 *
 * A sequence is a line, a word, a text; its start counts as a symbol before the first. To predict ends too, end each
 * sequence with the same symbol.
 */
export class NgramModel implements SymbolPredictor {
  readonly size: number;
  /** The length of the longest n-gram. */
  readonly order: number;
  /** How probability is given to n-grams that never occurred. */
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
   * @returns `[size]` the probability of each next symbol, positive
   */
  probabilities(context: ArrayLike<number>): Float64Array {
    const nodes = this.#tree.path(context);
    const p = new Float64Array(this.size).fill(1 / this.size);
    if (this.smoothing === 'witten-bell') wittenBell(nodes, p);
    else kneserNey(nodes, this.#tree.countsOfCounts, p);
    return p;
  }
}
