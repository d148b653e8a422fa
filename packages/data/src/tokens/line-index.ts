import { hashNumbers, START } from '../hash.js';
import type { TokenArray, TokenLines } from './token-lines.js';

/** Slots of the table for each line. */
const SLOTS = 1.5;

/**
 * Finds lines that are the same, by their tokens: a hash table with open addresses, of six bytes a line. Lines are numbered through all
 * parts.
 */
export class LineIndex {
  /** Different lines that were added. */
  distinct = 0;
  readonly #parts: readonly TokenLines[];
  /** Of each slot the number of a line and one more, 0 where it is free: memory that isn't written yet takes none. */
  readonly #table: Int32Array;

  constructor(parts: readonly TokenLines[]) {
    this.#parts = parts;
    const lines = parts.reduce((sum, { length }) => sum + length, 0);
    this.#table = new Int32Array(Math.ceil(SLOTS * lines) + 1);
  }

  /** Adds a line of a part, and returns the number of the first that is the same, its own where none is. */
  add(part: number, line: number): number {
    const { tokens, starts } = this.#parts[part];
    const slot = this.#slotOf(tokens, starts[line] + 1, starts[line + 1]);
    const found = this.#table[slot];
    if (found !== 0) return found - 1;
    const before = this.#parts.slice(0, part).reduce((sum, { length }) => sum + length, 0);
    this.#table[slot] = before + line + 1;
    this.distinct++;
    return before + line;
  }

  /** Whether a line that was added has these tokens. */
  has(tokens: Int32Array): boolean {
    return this.#table[this.#slotOf(tokens, 0, tokens.length)] !== 0;
  }

  /** The slot of a line that has the tokens `start` … `end - 1` of an array, or the free one that it may have. */
  #slotOf(tokens: TokenArray, start: number, end: number): number {
    const slots = this.#table.length;
    const hash = mixed(hashNumbers(START, tokens, start, end));
    let slot = Math.floor((hash / 2 ** 32) * slots);
    for (;;) {
      const found = this.#table[slot];
      if (found === 0 || this.#isSame(found - 1, tokens, [start, end])) return slot;
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
  }

  #isSame(number: number, tokens: TokenArray, [start, end]: readonly [number, number]): boolean {
    let line = number;
    let part = 0;
    for (; line >= this.#parts[part].length; part++) line -= this.#parts[part].length;
    const { tokens: own, starts } = this.#parts[part];
    const first = starts[line] + 1;
    if (starts[line + 1] - first !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (own[first + i] !== tokens[start + i]) return false;
    return true;
  }
}

/** Bits that are spread over all 32: a slot is chosen by the highest. */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (half ^ (half >>> 13)) >>> 0;
}
