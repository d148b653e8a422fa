import { DataError } from '../errors.js';
import { type BpeModel, type TokenizerFile, writeTokenizerFile } from './bpe/tokenizer-json.js';
import { decoderOf, writeTokens } from './byte-tokens.js';
import { type Normalization, normalized, normalizing } from './characters.js';
import type { PieceDecoder, PieceEncoder, TextTokenizer } from './tokenizer.js';

/** Options of {@link BytesTokenizer}. */
export interface BytesTokenizerOptions {
  /** How the padding token is written, which is then 0, and byte b is b + 1; `false`: there is none. Default: `'<|endoftext|>'`. */
  readonly padding?: string | false;
  /** With `'nfc'`, texts are composed before they become tokens. Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** All that makes a {@link BytesTokenizer}, ready for `JSON.stringify`. */
export interface BytesTokenizerJson {
  /** Distinguishes it from the JSON of other tokenizers. */
  readonly type: 'BytesTokenizer';
  /** How token 0 is written; without it token 0 is byte 0. */
  readonly padding?: string;
  /** Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** How the end of a text is written where nothing else is said: GPT-2's. */
export const END_OF_TEXT = '<|endoftext|>';

/**
 * One token a byte of UTF-8, so that any text has tokens: 256, and one for padding and end. Half of a surrogate pair, which UTF-8
 * doesn't have, becomes U+FFFD.
 */
export class BytesTokenizer implements TextTokenizer {
  readonly paddingIndex: number | undefined;
  readonly vocabSize: number;
  /** Empty: all characters are known. */
  readonly alphabet = '';
  /** How the padding token is written, if there is one. */
  readonly padding: string | undefined;
  /** Whether texts are composed before they become tokens. */
  readonly normalize: Normalization;
  /** The token of byte 0. */
  readonly #first: number;

  /** @throws RangeError when the padding is an empty text */
  constructor({ padding = END_OF_TEXT, normalize = 'none' }: BytesTokenizerOptions = {}) {
    if (padding === '')
      throw new RangeError("BytesTokenizer: padding must have a character; got ''");
    this.padding = padding === false ? undefined : padding;
    this.normalize = normalize;
    this.#first = padding === false ? 0 : 1;
    this.paddingIndex = padding === false ? undefined : 0;
    this.vocabSize = 256 + this.#first;
  }

  /**
   * The tokenizer that `toJSON` described.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it describes none
   */
  static fromJSON(json: unknown): BytesTokenizer {
    const fields: Partial<Record<string, unknown>> = { ...Object(json) };
    const { type, padding, normalize = 'none' } = fields;
    if (type !== 'BytesTokenizer') throw wrong("type must be 'BytesTokenizer'", type);
    if (normalize !== 'none' && normalize !== 'nfc') {
      throw wrong("normalize must be 'none' or 'nfc'", normalize);
    }
    if (padding === undefined) return new BytesTokenizer({ padding: false, normalize });
    if (typeof padding !== 'string' || padding === '') {
      throw wrong('padding must be a string that is not empty', padding);
    }
    return new BytesTokenizer({ padding, normalize });
  }

  /** All that makes this tokenizer; {@link BytesTokenizer.fromJSON} reads it. */
  toJSON(): BytesTokenizerJson {
    const { padding, normalize } = this;
    return {
      type: 'BytesTokenizer',
      ...(padding !== undefined && { padding }),
      ...(normalize !== 'none' && { normalize }),
    };
  }

  /** A `tokenizer.json` of Hugging Face, byte-level BPE without merges, whose tokens are these. */
  toTokenizerFile(): TokenizerFile<BpeModel> {
    const tokens = Array.from({ length: this.vocabSize }, (_, token) => this.bytesOf(token));
    const special = new Map(this.padding === undefined ? [] : [[this.padding, 0]]);
    return writeTokenizerFile({ tokens, merges: [], special, normalize: this.normalize });
  }

  split(text: string): string[] {
    return writeTokens(this.encode(text), this);
  }

  /**
   * A token for each byte in UTF-8, without padding or end.
   *
   * @returns `[bytes]` int32
   */
  encode(text: string): Int32Array {
    return this.#encode(normalized(text, this.normalize));
  }

  pieces(): PieceEncoder {
    const composed = normalizing(this.normalize);
    return {
      push: (text) => this.#encode(composed.push(text)),
      end: () => this.#encode(composed.end()),
    };
  }

  /** `undefined`: all characters are known. */
  firstUnknown(): undefined {
    return undefined;
  }

  /**
   * The text of bytes, with U+FFFD for what isn't UTF-8; the padding token is written as its symbol.
   *
   * @throws RangeError for a number that is no token
   */
  decode(tokens: Iterable<number>): string {
    const decoder = this.decoder();
    return decoder.push(tokens) + decoder.end();
  }

  decoder(): PieceDecoder {
    return decoderOf(this);
  }

  /** @throws RangeError for a number that is no token */
  bytesOf(token: number): Uint8Array {
    if (!Number.isInteger(token) || token < 0 || token >= this.vocabSize) {
      throw new RangeError(
        `BytesTokenizer.decode: tokens must be whole numbers from 0 to ${this.vocabSize - 1}; got ${token}`,
      );
    }
    return this.isSpecial(token)
      ? new TextEncoder().encode(this.padding)
      : Uint8Array.of(token - this.#first);
  }

  /** Whether a token is the padding. */
  isSpecial(token: number): boolean {
    return token === this.paddingIndex;
  }

  #encode(text: string): Int32Array {
    const bytes = new TextEncoder().encode(text);
    const tokens = Int32Array.from(bytes);
    if (this.#first === 1) for (let i = 0; i < tokens.length; i++) tokens[i]++;
    return tokens;
  }
}

const wrong = (what: string, got: unknown): DataError =>
  new DataError(
    `BytesTokenizer.fromJSON: ${what}; got ${got === undefined ? 'nothing' : JSON.stringify(got)}`,
  );
