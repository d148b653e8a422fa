import { Heap } from './heap.js';
import type { Merges } from './train.js';
import { WordTable } from './word-table.js';

/** Words that are remembered with their tokens, and the longest of them. */
const [MOST_WORDS, LONGEST] = [2 ** 16, 64];

/** Up to this many tokens the next merge is found by looking at each; in longer words by a heap. */
const SHORT = 96;

/** Tokens of words: bytes that are merged by the merges, the earliest first. */
export class WordMerger {
  readonly #byteTokens: Int32Array;
  /** The number of a merge by its two tokens. */
  readonly #ranks = new Map<number, number>();
  /** What each merge makes. */
  readonly #merged: Int32Array;
  readonly #vocabSize: number;
  /** Words that were met before, and the tokens of each. */
  readonly #words = new WordTable();
  #known: Int32Array[] = [];
  readonly #encoder = new TextEncoder();

  /** @param byteTokens - `[256]` the token of each byte, -1 for one that has none */
  constructor(byteTokens: Int32Array, merges: Merges, vocabSize: number) {
    this.#byteTokens = byteTokens;
    this.#vocabSize = vocabSize;
    this.#merged = Int32Array.from(merges, ([, , merged]) => merged);
    for (const [rank, [left, right]] of merges.entries()) {
      this.#ranks.set(left * vocabSize + right, rank);
    }
  }

  /** The tokens of the word from `start` to `end` of a text; -1 in place of bytes that have none. */
  tokensOf(text: string, start = 0, end: number = text.length): Int32Array {
    if (end - start > LONGEST) return this.#mergeWord(text.slice(start, end));
    const word = this.#words.find(text, start, end);
    if (word < this.#known.length) return this.#known[word];
    const tokens = this.#mergeWord(text.slice(start, end));
    if (word < MOST_WORDS) this.#known.push(tokens);
    else {
      this.#words.clear();
      this.#known = [];
    }
    return tokens;
  }

  #mergeWord(word: string): Int32Array {
    const bytes = this.#encoder.encode(word);
    return this.#merge(Int32Array.from(bytes, (byte) => this.#byteTokens[byte]));
  }

  #rankOf(left: number, right: number): number {
    return this.#ranks.get(left * this.#vocabSize + right) ?? Infinity;
  }

  #merge(tokens: Int32Array): Int32Array {
    return tokens.length > SHORT ? this.#mergeLong(tokens) : this.#mergeShort(tokens);
  }

  #mergeShort(tokens: Int32Array): Int32Array {
    let { length } = tokens;
    const ranks = new Float64Array(length).fill(Infinity); // of a token and the next
    for (let i = 0; i + 1 < length; i++) ranks[i] = this.#rankOf(tokens[i], tokens[i + 1]);
    for (;;) {
      let best = 0;
      for (let i = 1; i < length; i++) if (ranks[i] < ranks[best]) best = i;
      if (length < 2 || ranks[best] === Infinity) return tokens.slice(0, length);
      tokens[best] = this.#merged[ranks[best]];
      tokens.copyWithin(best + 1, best + 2, length);
      ranks.copyWithin(best + 1, best + 2, length);
      length--;
      ranks[length - 1] = Infinity;
      if (best > 0) ranks[best - 1] = this.#rankOf(tokens[best - 1], tokens[best]);
      if (best + 1 < length) ranks[best] = this.#rankOf(tokens[best], tokens[best + 1]);
    }
  }

  /** Tokens as a linked list. Entries of the heap are a merge and a place, and old where the place has other tokens by now. */
  #mergeLong(tokens: Int32Array): Int32Array {
    const { length } = tokens;
    const next = Int32Array.from(tokens, (_, i) => i + 1);
    const before = Int32Array.from(tokens, (_, i) => i - 1);
    const isGone = new Uint8Array(length);
    const heap = new Heap<number>((a, b) => a < b);
    const offer = (at: number): void => {
      if (at < 0 || next[at] >= length) return;
      const rank = this.#rankOf(tokens[at], tokens[next[at]]);
      if (rank !== Infinity) heap.push(rank * length + at);
    };
    for (let i = 0; i < length; i++) offer(i);
    for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
      const at = entry % length;
      const rank = (entry - at) / length;
      const after = next[at];
      if (isGone[at] === 1 || after >= length) continue;
      if (this.#rankOf(tokens[at], tokens[after]) !== rank) continue;
      tokens[at] = this.#merged[rank];
      isGone[after] = 1;
      next[at] = next[after];
      if (next[at] < length) before[next[at]] = at;
      offer(before[at]);
      offer(at);
    }
    return tokens.filter((_, i) => isGone[i] === 0);
  }
}
