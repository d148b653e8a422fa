import { LATIN } from './byte-symbols.js';
import { Heap } from './heap.js';

/** Options of {@link trainMerges}. */
export interface MergeTraining {
  /** Tokens in all, with those of bytes and the special ones. */
  readonly vocabSize: number;
  /** How often a pair must occur to be merged. */
  readonly minFrequency: number;
  /** `[256]` the token of each byte. */
  readonly byteTokens: Int32Array;
  /** Tokens before the first merge. */
  readonly first: number;
}

/** Merges in the order in which they are made, `[M, 3]`: the two tokens and the token that they become. */
export type Merges = readonly (readonly [left: number, right: number, merged: number])[];

/**
 * Learns which pairs of tokens become one: again and again the pair that occurs most often in the words, of several the one with the
 * smallest numbers. A merge changes the counts of the pairs beside it alone, and a heap finds the next one.
 *
 * The merges are those of Hugging Face's `BpeTrainer`, also where two pairs make the same token, which is then met again.
 *
 * Source: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units (2016), https://arxiv.org/abs/1508.07909
 */
export function trainMerges(words: ReadonlyMap<string, number>, options: MergeTraining): Merges {
  const { vocabSize, minFrequency, byteTokens, first } = options;
  const pairs = new Pairs();
  const corpus = makeCorpus(words, byteTokens);
  corpus.countPairs(pairs);
  const heap = new Heap<Entry>((a, b) => pairs.isBefore(a, b));
  for (const pair of pairs.takeTouched()) heap.push(pair);
  const tokens = new Tokens(byteTokens, first);
  const merges: [number, number, number][] = [];
  while (tokens.count < vocabSize) {
    const top = heap.pop();
    if (top === undefined) break;
    const count = pairs.counts[top.pair];
    if (top.count !== count) {
      heap.push({ ...top, count }); // it has changed since it was pushed
      continue;
    }
    if (count < 1 || count < minFrequency) break;
    const [left, right] = [pairs.lefts[top.pair], pairs.rights[top.pair]];
    const merged = tokens.join(left, right);
    merges.push([left, right, merged]);
    for (const word of top.words) corpus.merge(word, [left, right, merged], pairs);
    for (const touched of pairs.takeTouched()) heap.push(touched);
  }
  return merges;
}

/** The tokens so far, by their bytes: a character of a string each. */
class Tokens {
  readonly #texts: string[] = [];
  readonly #tokens = new Map<string, number>();

  constructor(byteTokens: Int32Array, first: number) {
    this.#texts.length = first;
    for (const [byte, token] of byteTokens.entries()) {
      this.#texts[token] = LATIN[byte];
      this.#tokens.set(LATIN[byte], token);
    }
  }

  get count(): number {
    return this.#texts.length;
  }

  /** The token of two in a row, which may be there already. */
  join(left: number, right: number): number {
    const text = this.#texts[left] + this.#texts[right];
    const known = this.#tokens.get(text);
    if (known !== undefined) return known;
    this.#tokens.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** An entry of the heap: a pair with the count and the words that it had when it was put there. */
interface Entry {
  readonly pair: number;
  readonly count: number;
  readonly words: readonly number[];
}

/** Pairs of tokens, numbered, with how often each occurs. */
class Pairs {
  readonly lefts: number[] = [];
  readonly rights: number[] = [];
  readonly counts: number[] = [];
  readonly #numbers = new Map<number, number>();
  /** Words in which pairs were met since {@link takeTouched}. */
  readonly #touched = new Map<number, number[]>();

  /** Changes a count; `word` is where the pair is new, if it is. */
  add(left: number, right: number, change: number, word?: number): void {
    const key = left * 2 ** 24 + right;
    let pair = this.#numbers.get(key);
    if (pair === undefined) {
      pair = this.counts.length;
      this.#numbers.set(key, pair);
      this.lefts.push(left);
      this.rights.push(right);
      this.counts.push(0);
    }
    this.counts[pair] += change;
    if (word === undefined) return;
    const words = this.#touched.get(pair);
    if (words === undefined) this.#touched.set(pair, [word]);
    else if (words[words.length - 1] !== word) words.push(word);
  }

  /** Entries of the pairs that were met since the last call. */
  takeTouched(): Entry[] {
    const entries: Entry[] = [];
    for (const [pair, words] of this.#touched) {
      const count = this.counts[pair];
      if (count > 0) entries.push({ pair, count, words });
    }
    this.#touched.clear();
    return entries;
  }

  /** Whether an entry is to be merged before another: it occurs more often, or as often and has the smaller tokens. */
  isBefore(a: Entry, b: Entry): boolean {
    if (a.count !== b.count) return a.count > b.count;
    const [left, right] = [
      this.lefts[a.pair] - this.lefts[b.pair],
      this.rights[a.pair] - this.rights[b.pair],
    ];
    return left < 0 || (left === 0 && right < 0);
  }
}

/** Words as tokens, one after the other in one array; each gets shorter in its own place. */
class Corpus {
  readonly #symbols: Int32Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #counts: Float64Array;

  constructor(symbols: Int32Array, starts: Int32Array, counts: Float64Array) {
    this.#symbols = symbols;
    this.#starts = starts;
    this.#counts = counts;
    this.#lengths = Int32Array.from(counts, (_, i) => starts[i + 1] - starts[i]);
  }

  countPairs(pairs: Pairs): void {
    const symbols = this.#symbols;
    for (let word = 0; word < this.#lengths.length; word++) {
      const end = this.#starts[word] + this.#lengths[word];
      for (let at = this.#starts[word] + 1; at < end; at++) {
        pairs.add(symbols[at - 1], symbols[at], this.#counts[word], word);
      }
    }
  }

  merge(
    word: number,
    [left, right, merged]: readonly [number, number, number],
    pairs: Pairs,
  ): void {
    const symbols = this.#symbols;
    const start = this.#starts[word];
    const end = start + this.#lengths[word];
    const count = this.#counts[word];
    let out = start;
    for (let at = start; at < end; at++, out++) {
      if (symbols[at] !== left || at + 1 >= end || symbols[at + 1] !== right) {
        symbols[out] = symbols[at];
        continue;
      }
      if (out > start) {
        pairs.add(symbols[out - 1], left, -count);
        pairs.add(symbols[out - 1], merged, count, word);
      }
      at++;
      if (at + 1 < end) {
        pairs.add(right, symbols[at + 1], -count);
        pairs.add(merged, symbols[at + 1], count, word);
      }
      symbols[out] = merged;
    }
    this.#lengths[word] = out - start;
  }
}

function makeCorpus(words: ReadonlyMap<string, number>, byteTokens: Int32Array): Corpus {
  const encoder = new TextEncoder();
  const starts = new Int32Array(words.size + 1);
  const counts = new Float64Array(words.size);
  let symbols = new Int32Array(2 ** 16);
  let [end, i] = [0, 0];
  for (const [word, count] of words) {
    const bytes = encoder.encode(word);
    if (end + bytes.length > symbols.length) {
      const larger = new Int32Array(2 * (end + bytes.length));
      larger.set(symbols.subarray(0, end));
      symbols = larger;
    }
    for (const byte of bytes) symbols[end++] = byteTokens[byte];
    counts[i++] = count;
    starts[i] = end;
  }
  return new Corpus(symbols.subarray(0, end), starts, counts);
}
