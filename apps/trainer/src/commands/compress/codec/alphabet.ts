import type { TextTokenizer } from '@llm101/data';
import { symbolArray } from '@llm101/info-theory';

/** A file in the symbols of a network. */
export interface ByteSymbols {
  /** `[N]` tokens; {@link Alphabet.escape} for a byte that belongs to no character of the alphabet. */
  readonly symbols: ReturnType<typeof symbolArray>;
  /** The bytes behind the escapes, in their order. */
  readonly escaped: Uint8Array;
}

/** A network's tokens in UTF-8: any bytes become symbols, and the same bytes again. */
export class Alphabet {
  /** The symbol after the network's own: one byte that isn't part of any of its characters. */
  readonly escape: number;
  /** `[V]` bytes of each token. */
  readonly #bytes: readonly Uint8Array[];
  /** The token of these bytes, one character of a string each. */
  readonly #tokens: ReadonlyMap<string, number>;
  /** How many bytes a token can have, the most first. */
  readonly #lengths: readonly number[];

  /** Token 0, the end of a name, is a line break. */
  constructor(tokenizer: TextTokenizer) {
    const encoder = new TextEncoder();
    this.escape = tokenizer.vocabSize;
    this.#bytes = Array.from({ length: tokenizer.vocabSize }, (_, token) =>
      encoder.encode(token === 0 ? '\n' : tokenizer.decode([token])),
    );
    this.#tokens = new Map(
      this.#bytes.map((bytes, token) => [keyOf(bytes, 0, bytes.length), token]),
    );
    this.#lengths = [...new Set(this.#bytes.map(({ length }) => length))].sort((a, b) => b - a);
  }

  /** The longest token that begins at `start`: one that is whole where a shorter one is only its first part. */
  #tokenAt(bytes: Uint8Array, start: number): number | undefined {
    for (const length of this.#lengths) {
      if (start + length > bytes.length) continue;
      const token = this.#tokens.get(keyOf(bytes, start, length));
      if (token !== undefined) return token;
    }
    return undefined;
  }

  /** The symbols of bytes, in as few bytes each as they need. */
  split(bytes: Uint8Array): ByteSymbols {
    const symbols = symbolArray(this.escape + 1, bytes.length);
    let [count, escapes] = [0, 0];
    for (let i = 0; i < bytes.length; count++) {
      const token = this.#tokenAt(bytes, i);
      symbols[count] = token ?? this.escape;
      if (token === undefined) escapes++;
      i += token === undefined ? 1 : this.#bytes[token].length;
    }
    const escaped = new Uint8Array(escapes);
    for (let i = 0, at = 0, next = 0; next < escapes; at += this.#lengthOf(symbols[i++])) {
      if (symbols[i] === this.escape) escaped[next++] = bytes[at];
    }
    return { symbols: symbols.subarray(0, count), escaped };
  }

  /** How many bytes symbols stand for. */
  countBytes(symbols: ArrayLike<number>): number {
    let count = 0;
    for (let i = 0; i < symbols.length; i++) count += this.#lengthOf(symbols[i]);
    return count;
  }

  /** The bytes that symbols stand for; each escape takes one of `escaped`. */
  join(symbols: ArrayLike<number>, escaped: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.countBytes(symbols));
    let [at, next] = [0, 0];
    for (let i = 0; i < symbols.length; i++) {
      if (symbols[i] === this.escape) bytes[at++] = escaped[next++];
      else for (const byte of this.#bytes[symbols[i]]) bytes[at++] = byte;
    }
    return bytes;
  }

  #lengthOf(symbol: number): number {
    return symbol === this.escape ? 1 : this.#bytes[symbol].length;
  }
}

/** Some bytes as a string of as many characters. */
function keyOf(bytes: Uint8Array, start: number, length: number): string {
  let key = '';
  for (let i = start; i < start + length; i++) key += String.fromCharCode(bytes[i]);
  return key;
}
