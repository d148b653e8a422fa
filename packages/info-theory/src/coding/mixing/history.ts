import { hash } from './hash.js';

/** Stands for a symbol that isn't there. */
export const NONE = -1;

/** The symbols so far, and where in its line the next one stands. */
export class History {
  readonly #separator: number;
  readonly #past: number[] = [];
  #lineStart = 0;
  /** Where the line before starts, and the one before that; NONE where there is none. */
  #previousStart = NONE;
  #beforeStart = NONE;
  /** How many symbols of the line are those of the line before, from its start on; likewise for the one before. */
  #matched = 0;
  #beforeMatched = 0;
  #lineHash = 0;

  /** @param separator - the symbol that ends a line; NONE if nothing does */
  constructor(separator: number) {
    this.#separator = separator;
  }

  /** The symbol this many places back, from 1 on. */
  back(places: number): number {
    return this.#past.at(-places) ?? NONE;
  }

  /** Symbols of the line so far. */
  get column(): number {
    return this.#past.length - this.#lineStart;
  }

  /** Stands for all of the line so far. */
  get lineHash(): number {
    return this.#lineHash;
  }

  /** How many symbols of the line are those of the line before, from its start on. */
  get matched(): number {
    return this.#matched;
  }

  /** What follows those in the line before. */
  get previousAfterMatch(): number {
    return this.#at(this.#previousStart, this.#matched);
  }

  /** The line before's next symbol if all of the line so far is as there, else NONE. */
  get guess(): number {
    return this.#matched === this.column ? this.previousAfterMatch : NONE;
  }

  /** The same for the line before that. */
  get earlierGuess(): number {
    return this.#beforeMatched === this.column
      ? this.#at(this.#beforeStart, this.#beforeMatched)
      : NONE;
  }

  push(symbol: number): void {
    if (symbol === this.guess) this.#matched++;
    if (symbol === this.earlierGuess) this.#beforeMatched++;
    this.#past.push(symbol);
    this.#lineHash = hash(this.#lineHash, symbol);
    if (symbol !== this.#separator) return;
    this.#beforeStart = this.#previousStart;
    this.#previousStart = this.#lineStart;
    this.#lineStart = this.#past.length;
    this.#matched = 0;
    this.#beforeMatched = 0;
    this.#lineHash = 0;
  }

  #at(start: number, place: number): number {
    return start === NONE ? NONE : this.#past[start + place];
  }
}
