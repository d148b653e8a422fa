import type { TextTokenizer } from '@llm101/data';

/** A file in the symbols of a network. */
export interface ByteSymbols {
  /** `[N]` tokens; {@link Alphabet.escape} for a byte that belongs to no character of the alphabet. */
  readonly symbols: Uint8Array | Uint16Array;
  /** The bytes behind the escapes, in their order. */
  readonly escaped: Uint8Array;
}

/** A network's tokens in UTF-8: any bytes become symbols, and the same bytes again. */
export class Alphabet {
  /** The symbol after the network's own: one byte that isn't part of any of its characters. */
  readonly escape: number;
  /** `[V]` bytes of each token. */
  readonly #bytes: readonly Uint8Array[];
  readonly #tokens: ReadonlyMap<number, number>;

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
  }

  /** The symbols of bytes, in one or two bytes each. */
  split(bytes: Uint8Array): ByteSymbols {
    const symbols =
      this.escape < 256 ? new Uint8Array(bytes.length) : new Uint16Array(bytes.length);
    let [count, escapes] = [0, 0];
    for (let i = 0; i < bytes.length; count++) {
      const length = lengthOf(bytes[i]);
      const token = this.#tokens.get(keyOf(bytes, i, length));
      symbols[count] = token ?? this.escape;
      if (token === undefined) escapes++;
      i += token === undefined ? 1 : length;
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

/** How long a character of UTF-8 is by its first byte; 1 for a byte that can't be first. */
function lengthOf(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** A number that no other bytes have: bytes that are missing at the end count as 0, and no character ends in 0. */
function keyOf(bytes: Uint8Array, start: number, length: number): number {
  let key = length;
  for (let i = start; i < start + length; i++) key = key * 256 + (bytes[i] ?? 0);
  return key;
}
