import { checkSize, checkSymbol, checkSymbols } from '../checks.js';
import { type NgramNode, NgramTree } from './ngram-tree.js';
import { type ContextShare, kneserNey, wittenBell } from './smoothing.js';
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
  /** What contexts make of shorter ones, until something more is observed. */
  #shares = new Map<NgramNode, ContextShare | undefined>();

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
    this.#forget();
    const context: number[] = [];
    for (let i = 0; i < sequence.length; i++) {
      this.#tree.add(context, sequence[i]);
      context.push(sequence[i]);
    }
  }

  /** Counts one symbol after a context: a sequence can be learned while it is predicted. */
  observeNext(context: ArrayLike<number>, symbol: number): void {
    checkSymbols('NgramModel', [symbol], this.size);
    this.#forget();
    this.#tree.add(context, symbol);
  }

  /**
   * @param context - the symbols of the sequence so far, from its start
   * @returns `[size]` the probability of each next symbol, positive
   */
  probabilities(context: ArrayLike<number>): Float64Array {
    const p = new Float64Array(this.size).fill(1 / this.size);
    for (const { table, shorter, part } of this.#sharesOf(context)) {
      for (let w = 0; w < p.length; w++) p[w] *= shorter;
      for (const [w, count] of table) p[w] += part(count);
    }
    return p;
  }

  /** The probability of one next symbol, the same bits as in {@link probabilities}, whatever the number of symbols. */
  probability(context: ArrayLike<number>, symbol: number): number {
    checkSymbol('NgramModel', symbol, this.size);
    let p = 1 / this.size;
    for (const { table, shorter, part } of this.#sharesOf(context)) {
      p *= shorter;
      const count = table.get(symbol);
      if (count !== undefined) p += part(count);
    }
    return p;
  }

  /** The longest context that has been observed: all contexts that end with it, and with no longer one, are predicted alike. */
  stateAfter(context: ArrayLike<number>): unknown {
    return this.#tree.path(context).at(-1);
  }

  /** The contexts of a position, shortest first. */
  #sharesOf(context: ArrayLike<number>): ContextShare[] {
    const shares: ContextShare[] = [];
    for (const [depth, node] of this.#tree.path(context).entries()) {
      let share = this.#shares.get(node);
      if (share === undefined) {
        share =
          this.smoothing === 'witten-bell'
            ? wittenBell(node)
            : kneserNey(node, this.#tree.countsOfCounts[depth]);
        this.#shares.set(node, share);
      }
      if (share !== undefined) shares.push(share);
    }
    return shares;
  }

  #forget(): void {
    if (this.#shares.size > 0) this.#shares = new Map();
  }
}
