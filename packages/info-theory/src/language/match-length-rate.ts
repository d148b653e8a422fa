import { checkSymbols } from '../checks.js';
import { inUnit, type UnitOptions } from '../units.js';

export interface MatchLengthOptions extends UnitOptions {
  /** The number of symbols: 0 … size - 1. */
  readonly size: number;
}

/**
 * An estimate of a source's entropy rate without a model of it: the longer the substrings that have occurred before,
 * the less is new. With `Λ_i` the length of the shortest substring from index `i` that isn't in the `i` symbols before
 * it, the rate is `1 / mean(Λ_i / ln i)`. It converges for any stationary ergodic source, slowly: like `1 / ln n`.
 *
 * Source: Kontoyiannis, Algoet, Suhov and Wyner (1998), "Nonparametric Entropy Estimation for Stationary Processes and
 * Random Fields, with Applications to English Text", estimator (c) with `Λ_i^i`; due to Grassberger (1989).
 *
 * @param sequence - `[n]` one text of symbols, n >= 4; substrings that reach its end are left out, and if all do, the
 *   rate is 0
 * @throws RangeError when a symbol isn't below the size, there are fewer than 4 or the unit is unknown
 */
export function matchLengthRate(sequence: ArrayLike<number>, options: MatchLengthOptions): number {
  const { size } = options;
  checkSymbols('matchLengthRate', sequence, size);
  if (sequence.length < 4) {
    throw new RangeError(
      `matchLengthRate: the sequence must have at least 4 symbols; got ${sequence.length}`,
    );
  }
  let sum = 0;
  let count = 0;
  const past = new SuffixAutomaton(size);
  for (let i = 0; i < sequence.length; i++) {
    if (i >= 2) {
      while (i + past.matched < sequence.length && past.match(sequence[i + past.matched]));
      if (i + past.matched === sequence.length) break; // each later one reaches the end too
      sum += (past.matched + 1) / Math.log(i);
      count++;
    }
    past.append(sequence[i]);
    past.dropFirst();
  }
  return inUnit('matchLengthRate', count === 0 ? 0 : count / sum, options);
}

/**
 * The smallest automaton that recognizes all substrings of a text, grown one symbol at a time, together with a
 * substring that is being matched against it. All operations together take linear time.
 *
 * Source: Blumer, Blumer, Haussler, Ehrenfeucht, Chen and Seiferas (1985), "The Smallest Automaton Recognizing the
 * Subwords of a Text".
 */
class SuffixAutomaton {
  readonly #size: number;
  /** The state after `state * size + symbol`. */
  readonly #next = new Map<number, number>();
  /** The symbols that lead on from each state, as a list: the first one's number in `#symbol`; -1 for none. */
  readonly #firstEdge: number[] = [-1];
  readonly #symbol: number[] = [];
  /** The number in `#symbol` of the next one from the same state; -1 after the last. */
  readonly #nextEdge: number[] = [];
  /** The length of the longest substring of each state. */
  readonly #length: number[] = [0];
  /** The state of the longest suffix in another state; -1 for the root. */
  readonly #link: number[] = [-1];
  #last = 0;
  #state = 0;
  #matched = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The length of the matched substring. */
  get matched(): number {
    return this.#matched;
  }

  /** Extends the matched substring by a symbol, if the text contains the result. */
  match(symbol: number): boolean {
    const next = this.#next.get(this.#state * this.#size + symbol);
    if (next === undefined) return false;
    this.#state = next;
    this.#matched++;
    return true;
  }

  /** Removes the first symbol of the matched substring, if any. */
  dropFirst(): void {
    if (this.#matched > 0) this.#matched--;
    // Also after an append, which can move the substring into a state of its own.
    while (this.#link[this.#state] >= 0 && this.#matched <= this.#length[this.#link[this.#state]]) {
      this.#state = this.#link[this.#state];
    }
  }

  append(symbol: number): void {
    const state = this.#add(this.#length[this.#last] + 1);
    let from = this.#last;
    while (from >= 0 && !this.#next.has(from * this.#size + symbol)) {
      this.#lead(from, symbol, state);
      from = this.#link[from];
    }
    this.#last = state;
    if (from < 0) {
      this.#link[state] = 0;
      return;
    }
    const to = this.#next.get(from * this.#size + symbol) ?? 0;
    this.#link[state] =
      this.#length[to] === this.#length[from] + 1 ? to : this.#split(to, from, symbol);
  }

  /** Moves a state's shorter substrings to a state of their own, as they now end at more positions. */
  #split(to: number, from: number, symbol: number): number {
    const clone = this.#add(this.#length[from] + 1);
    for (let edge = this.#firstEdge[to]; edge >= 0; edge = this.#nextEdge[edge]) {
      const s = this.#symbol[edge];
      this.#lead(clone, s, this.#next.get(to * this.#size + s) ?? 0);
    }
    this.#link[clone] = this.#link[to];
    this.#link[to] = clone;
    for (
      let s = from;
      s >= 0 && this.#next.get(s * this.#size + symbol) === to;
      s = this.#link[s]
    ) {
      this.#next.set(s * this.#size + symbol, clone);
    }
    return clone;
  }

  /** Leads from a state to another by a symbol that led nowhere from it. */
  #lead(from: number, symbol: number, to: number): void {
    this.#next.set(from * this.#size + symbol, to);
    this.#nextEdge.push(this.#firstEdge[from]);
    this.#firstEdge[from] = this.#symbol.push(symbol) - 1;
  }

  #add(length: number): number {
    this.#link.push(0);
    this.#firstEdge.push(-1);
    return this.#length.push(length) - 1;
  }
}
