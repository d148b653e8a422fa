import type { TextTokenizer } from '@llm101/data';
import { symbolArray } from '@llm101/info-theory';
import type { ExamplesName } from '@llm101/runs';

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
  readonly #tokenizer: TextTokenizer;
  readonly #isByLine: boolean;
  /** `[V]` bytes of each token. */
  readonly #bytes: readonly Uint8Array[];
  /** The token of these bytes, one character of a string each. */
  readonly #tokens: ReadonlyMap<string, number>;
  /** How many bytes a token can have, the most first. */
  readonly #lengths: readonly number[];

  /** Under lines token 0, the end of a line, is a line break. */
  constructor(tokenizer: TextTokenizer, examples: ExamplesName) {
    const lineEnd = examples === 'lines' ? 0 : undefined;
    this.#tokenizer = tokenizer;
    this.#isByLine = examples === 'lines';
    this.escape = tokenizer.vocabSize;
    this.#bytes = Array.from({ length: tokenizer.vocabSize }, (_, token) =>
      token === lineEnd ? Uint8Array.of(0x0a) : tokenizer.bytesOf(token),
    );
    const known = this.#bytes.map((bytes, token) => [bytes, token] as const);
    this.#tokens = new Map(
      known
        .filter(([{ length }]) => length > 0) // a special token stands for no bytes
        .map(([bytes, token]) => [keyOf(bytes, 0, bytes.length), token]),
    );
    const lengths = new Set(known.map(([{ length }]) => length));
    this.#lengths = [...lengths].filter((length) => length > 0).sort((a, b) => b - a);
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

  /** The symbols of bytes, in as few bytes each as they need: as the model has learned them, where they are such a text. */
  split(bytes: Uint8Array): ByteSymbols {
    const learned = this.#encode(bytes);
    if (learned !== undefined) return { symbols: learned, escaped: new Uint8Array() };
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

  /** The tokens of a text by a tokenizer that knows all; nothing where they don't stand for these bytes. */
  #encode(bytes: Uint8Array): ByteSymbols['symbols'] | undefined {
    const tokenizer = this.#tokenizer;
    if (tokenizer.alphabet !== '') return undefined; // characters are found one by one
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
    const parts = (this.#isByLine ? text.split('\n') : [text]).map((part) =>
      tokenizer.encode(part),
    );
    const length = parts.reduce((sum, part) => sum + part.length + 1, -1);
    const symbols = symbolArray(this.escape + 1, length);
    let at = 0;
    for (const part of parts) {
      symbols.set(part, at);
      at += part.length + 1; // a line end between, symbol 0
    }
    const same = this.join(symbols, new Uint8Array());
    const isSame = same.length === bytes.length && same.every((byte, i) => byte === bytes[i]);
    return isSame ? symbols : undefined;
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
