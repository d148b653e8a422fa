import type { TextTokenizer } from '@llm101/data';

/** A file in the symbols of a network. */
export interface ByteSymbols {
  /** `[N]` tokens; {@link Alphabet.escape} for a byte that belongs to no character of the alphabet. */
  readonly symbols: Int32Array;
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

  split(bytes: Uint8Array): ByteSymbols {
    const symbols = new Int32Array(bytes.length);
    const escaped: number[] = [];
    let count = 0;
    for (let i = 0; i < bytes.length; count++) {
      const length = lengthOf(bytes[i]);
      const token = this.#tokens.get(keyOf(bytes, i, length));
      symbols[count] = token ?? this.escape;
      if (token === undefined) escaped.push(bytes[i]);
      i += token === undefined ? 1 : length;
    }
    return { symbols: symbols.slice(0, count), escaped: Uint8Array.from(escaped) };
  }

  join(symbols: ArrayLike<number>, escaped: Uint8Array): Uint8Array {
    const bytes: number[] = [];
    let next = 0;
    for (let i = 0; i < symbols.length; i++) {
      if (symbols[i] === this.escape) bytes.push(escaped[next++]);
      else for (const byte of this.#bytes[symbols[i]]) bytes.push(byte);
    }
    return Uint8Array.from(bytes);
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
