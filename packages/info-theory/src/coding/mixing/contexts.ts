/** Mixes two 32-bit integers into one, each bit of which depends on all of theirs. */
export function hash(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Stands for a missing symbol. */
export const NONE = -1;

/** The newest symbols, and the next one's position in its line. */
export class History {
  readonly #separator: number;
  readonly #mostKept: number;
  /** Symbol i, while it is kept, is at `i % length`; the length is a power of two. */
  #past = new Uint16Array(1024);
  #length = 0;
  #lineStart = 0;
  /** The starts of the previous line and the one before that; NONE if there is none. */
  #previousStart = NONE;
  #beforeStart = NONE;
  /** The length of the common prefix of the line and the previous one; likewise with the one before that. */
  #matched = 0;
  #beforeMatched = 0;
  #lineHash = 0;

  /**
   * @param separator - the symbol that ends a line; NONE if there is none
   * @param mostKept - how many symbols are remembered, from 1,024 on
   */
  constructor(separator: number, mostKept: number) {
    this.#separator = separator;
    this.#mostKept = mostKept;
  }

  /** The symbol `n` positions back, from 1 on. */
  back(n: number): number {
    return this.#at(this.#length - n);
  }

  /** The number of symbols of the line so far. */
  get column(): number {
    return this.#length - this.#lineStart;
  }

  /** A hash of the line so far. */
  get lineHash(): number {
    return this.#lineHash;
  }

  /** The length of the common prefix of the line and the previous one. */
  get matched(): number {
    return this.#matched;
  }

  /** What follows that prefix in the previous line. */
  get previousAfterMatch(): number {
    return this.#previousStart === NONE ? NONE : this.#at(this.#previousStart + this.#matched);
  }

  /** The previous line's next symbol if the line so far is a prefix of it, else NONE. */
  get guess(): number {
    return this.#matched === this.column ? this.previousAfterMatch : NONE;
  }

  /** The same with the line before that. */
  get earlierGuess(): number {
    return this.#beforeMatched === this.column && this.#beforeStart !== NONE
      ? this.#at(this.#beforeStart + this.#beforeMatched)
      : NONE;
  }

  push(symbol: number): void {
    if (symbol === this.guess) this.#matched++;
    if (symbol === this.earlierGuess) this.#beforeMatched++;
    if (this.#length === this.#past.length && 2 * this.#length <= this.#mostKept) {
      const longer = new Uint16Array(2 * this.#length);
      longer.set(this.#past);
      this.#past = longer;
    }
    this.#past[this.#length % this.#past.length] = symbol;
    this.#length++;
    this.#lineHash = hash(this.#lineHash, symbol);
    if (symbol !== this.#separator) return;
    this.#beforeStart = this.#previousStart;
    this.#previousStart = this.#lineStart;
    this.#lineStart = this.#length;
    this.#matched = 0;
    this.#beforeMatched = 0;
    this.#lineHash = 0;
  }

  /** The symbol at a position of the text; NONE where none is, or it is forgotten. */
  #at(position: number): number {
    const isKept = position >= 0 && position >= this.#length - this.#past.length;
    return isKept && position < this.#length ? this.#past[position % this.#past.length] : NONE;
  }
}

/** The part of the past that a prediction uses, as one number; equal for all pasts that it doesn't distinguish. */
export type Context = (history: History) => number;

/** The last `order` symbols. */
function last(order: number): Context {
  return (history) => {
    let h = order;
    for (let back = 1; back <= order; back++) h = hash(h, history.back(back));
    return h;
  };
}

/** Two of the last three symbols, without the other one. */
function skipping(near: number, far: number): Context {
  return (history) => hash(hash(100 + near, history.back(near)), history.back(far));
}

/** For lists, whose lines often share prefixes, especially if they are sorted. */
const ofLines: readonly Context[] = [
  // The line so far; a complete name can only end or continue.
  (history) => hash(200, history.lineHash),
  (history) => hash(hash(hash(201, history.column), history.back(1)), history.back(2)),
  // What the previous line predicts, while the line equals it.
  (history) => hash(hash(202, history.guess), Math.min(history.column, 5)),
  (history) => {
    const apart = Math.min(history.column - history.matched, 3);
    return history.guess === NONE
      ? hash(hash(203, apart), history.back(1))
      : hash(hash(hash(204, history.guess), history.column), history.back(1));
  },
  // Where sorted lines diverge, the next letter is mostly a later one.
  (history) => {
    const parting = hash(hash(205, history.matched), history.previousAfterMatch);
    return hash(hash(parting, history.back(1)), Math.min(history.column - history.matched, 3));
  },
  (history) => {
    const both = hash(hash(206, history.guess), history.earlierGuess);
    return hash(both, Math.min(history.column, 3));
  },
];

/** All contexts that are mixed: the last 0 … `order` symbols come first. */
export function contextsOf(order: number, lines: boolean): Context[] {
  const orders = Array.from({ length: order + 1 }, (_, n) => last(n));
  return [...orders, skipping(2, 3), skipping(1, 3), ...(lines ? ofLines : [])];
}
