import { checkWhole, DataError, describeCharacter, excerpt } from '../errors.js';
import { BYTES_IN_ORDER } from './bpe/byte-symbols.js';
import { WordMerger } from './bpe/merge-words.js';
import { parseTokenizerFile, writeTokenizerFile } from './bpe/tokenizer-json.js';
import type { BpeModel, BpeParts, TokenizerFile } from './bpe/tokenizer-json.js';
import { trainMerges } from './bpe/train.js';
import { wordCounts } from './bpe/word-counts.js';
import { wordStream } from './bpe/words.js';
import { decoderOf, writeTokens } from './byte-tokens.js';
import { END_OF_TEXT } from './bytes-tokenizer.js';
import type { Normalization } from './characters.js';
import { linesOf } from './lines-of.js';
import type { LineEnds, PieceDecoder, PieceEncoder } from './tokenizer.js';
import type { TextTokenizer, TokenizerFit, UnknownCharacter } from './tokenizer.js';

/** Options of {@link BpeTokenizer.fit}. */
export interface BpeTokenizerOptions {
  /** Tokens in all: 256 bytes, the padding, and a token for each merge. A short text may have fewer. */
  readonly vocabSize: number;
  /** How often two tokens must follow each other to become one. Default: 2. */
  readonly minFrequency?: number;
  /** How the padding token is written, which is then 0; `false`: there is none. Default: `'<|endoftext|>'`. */
  readonly padding?: string | false;
  /** With `'nfc'`, texts are composed before they become tokens. Default: `'none'`. */
  readonly normalize?: Normalization;
  /** With `'characters'`, line ends are characters of the text. Default: `'separate'`. */
  readonly lineEnds?: LineEnds;
}

/** All that makes a {@link BpeTokenizer}, ready for `JSON.stringify`. */
export interface BpeTokenizerJson {
  /** Distinguishes it from the JSON of other tokenizers. */
  readonly type: 'BpeTokenizer';
  /** As the `tokenizer.json` of Hugging Face. */
  readonly tokenizer: TokenizerFile<BpeModel>;
}

/**
 * Byte-level BPE, as GPT-2's tokenizer: a text is cut into words, and the bytes of each are merged to tokens by the merges that were
 * learned from a text, the most frequent first. Any text has tokens. Trained, it has the tokens and merges of Hugging Face's
 * `BpeTrainer` on the same text; its `tokenizer.json` is read and written. No text encodes to a special token, also where it is
 * written out in it.
 *
 * Source: Radford et al., Language Models are Unsupervised Multitask Learners (2019)
 */
export class BpeTokenizer implements TextTokenizer {
  readonly paddingIndex: number | undefined;
  readonly vocabSize: number;
  /** Empty: all characters are known. */
  readonly alphabet = '';
  /** How the padding token is written, if there is one. */
  readonly padding: string | undefined;
  /** Whether texts are composed before they become tokens. */
  readonly normalize: Normalization;
  readonly #parts: BpeParts;
  readonly #special: ReadonlySet<number>;
  readonly #merger: WordMerger;

  private constructor(parts: BpeParts) {
    const { tokens, merges, special, normalize } = parts;
    this.#parts = parts;
    const [padding] = special;
    this.padding = padding?.[0];
    this.paddingIndex = padding?.[1];
    this.vocabSize = tokens.length;
    this.normalize = normalize;
    this.#special = new Set(special.values());
    const byteTokens = new Int32Array(256).fill(-1);
    for (const [token, bytes] of tokens.entries()) {
      if (bytes.length === 1 && !this.#special.has(token)) byteTokens[bytes[0]] = token;
    }
    this.#merger = new WordMerger(byteTokens, merges, tokens.length);
  }

  /**
   * Learns merges from a text.
   *
   * @param text - a text or its lines
   * @throws DataError when it is empty
   * @throws RangeError when an option is out of its range
   */
  static fromText(text: string | readonly string[], options: BpeTokenizerOptions): BpeTokenizer {
    const fit = BpeTokenizer.fit(options);
    if (typeof text === 'string') fit.push(text);
    else for (const line of text) fit.push(`${line}\n`);
    return fit.end();
  }

  /**
   * What {@link BpeTokenizer.fromText} does, for a text that comes in pieces. Its words are counted; where the different ones have more
   * than 64 million characters, the rarest are forgotten.
   */
  static fit(options: BpeTokenizerOptions): TokenizerFit<BpeTokenizer> {
    const { vocabSize, minFrequency = 2, padding = END_OF_TEXT, normalize = 'none' } = options;
    const { lineEnds = 'separate' } = options;
    const first = padding === false ? 0 : 1;
    checkWhole('BpeTokenizer: vocabSize', vocabSize, 256 + first);
    checkWhole('BpeTokenizer: minFrequency', minFrequency, 0);
    if (padding !== false) checkPadding(padding);
    const words = wordCounts();
    const stream = wordStream(normalize, (text, start, end) => words.add(text, start, end));
    const lines = lineEnds === 'separate' ? linesOf(stream) : stream;
    return {
      push: (text) => lines.push(text),
      end() {
        lines.end();
        const counts = words.counts();
        if (counts.size === 0) {
          throw new DataError('BpeTokenizer.fromText: the text must have characters; got none');
        }
        const byteTokens = new Int32Array(256);
        for (const [i, byte] of BYTES_IN_ORDER.entries()) byteTokens[byte] = first + i;
        const merges = trainMerges(counts, {
          vocabSize,
          minFrequency,
          byteTokens,
          first: first + 256,
        });
        const tokens = BYTES_IN_ORDER.map((byte) => Uint8Array.of(byte));
        const special = new Map<string, number>();
        if (padding !== false) {
          tokens.unshift(new TextEncoder().encode(padding));
          special.set(padding, 0);
        }
        for (const [left, right, merged] of merges) {
          tokens[merged] = joined(tokens[left], tokens[right]);
        }
        return new BpeTokenizer({ tokens, merges, special, normalize });
      },
    };
  }

  /**
   * The tokenizer of a `tokenizer.json` of Hugging Face: byte-level BPE with GPT-2's splitting rule. Its special token
   * `<|endoftext|>`, or else the first, is the padding.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it is another tokenizer, saying what isn't supported
   */
  static fromTokenizerFile(json: unknown): BpeTokenizer {
    return new BpeTokenizer(parseTokenizerFile(json));
  }

  /**
   * The tokenizer that `toJSON` described.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it describes none
   */
  static fromJSON(json: unknown): BpeTokenizer {
    const { type, tokenizer }: Partial<Record<string, unknown>> = { ...Object(json) };
    if (type !== 'BpeTokenizer') {
      throw new DataError(
        `BpeTokenizer.fromJSON: type must be 'BpeTokenizer'; got ${JSON.stringify(type) ?? 'nothing'}`,
      );
    }
    return BpeTokenizer.fromTokenizerFile(tokenizer);
  }

  /** All that makes this tokenizer; {@link BpeTokenizer.fromJSON} reads it. */
  toJSON(): BpeTokenizerJson {
    return { type: 'BpeTokenizer', tokenizer: this.toTokenizerFile() };
  }

  /** The `tokenizer.json` of Hugging Face, whose library then encodes as this tokenizer does. */
  toTokenizerFile(): TokenizerFile<BpeModel> {
    return writeTokenizerFile(this.#parts);
  }

  split(text: string): string[] {
    return writeTokens(this.encode(text), this);
  }

  /**
   * The tokens of a text, without padding or end.
   *
   * @throws DataError for a character with a byte that the tokenizer lacks, as one that was read from a file may
   */
  encode(text: string): Int32Array {
    const pieces = this.pieces();
    const tokens = pieces.push(text);
    const rest = pieces.end();
    const all = new Int32Array(tokens.length + rest.length);
    all.set(tokens);
    all.set(rest, tokens.length);
    return all;
  }

  pieces(): PieceEncoder {
    let tokens = new Int32Array(1024);
    let length = 0;
    const stream = wordStream(this.normalize, (text, start, end) => {
      const own = this.#merger.tokensOf(text, start, end);
      if (length + own.length > tokens.length) {
        const larger = new Int32Array(2 * (length + own.length));
        larger.set(tokens);
        tokens = larger;
      }
      for (let i = 0; i < own.length; i++) {
        if (own[i] < 0) throw this.#unknownIn(text.slice(start, end));
        tokens[length++] = own[i];
      }
    });
    const take = (): Int32Array => {
      const taken = tokens.slice(0, length);
      length = 0;
      return taken;
    };
    return {
      push(text) {
        stream.push(text);
        return take();
      },
      end() {
        stream.end();
        return take();
      },
    };
  }

  /** The first character with a byte that has no token; `undefined` where bytes have all, as those of a trained tokenizer. */
  firstUnknown(text: string): UnknownCharacter | undefined {
    let index = 0;
    for (const character of text) {
      if (this.#merger.tokensOf(character).includes(-1)) return { character, index };
      index++;
    }
    return undefined;
  }

  /**
   * The text of tokens, with U+FFFD for bytes that aren't UTF-8; special tokens are written as their names.
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
    if (!(token in this.#parts.tokens)) {
      throw new RangeError(
        `BpeTokenizer.decode: tokens must be whole numbers from 0 to ${this.vocabSize - 1}; got ${token}`,
      );
    }
    return this.#parts.tokens[token];
  }

  /** Whether a token is the padding or another that no text has. */
  isSpecial(token: number): boolean {
    return this.#special.has(token);
  }

  #unknownIn(word: string): DataError {
    const unknown = this.firstUnknown(word);
    const what = unknown === undefined ? 'a character' : describeCharacter(unknown.character);
    return new DataError(
      `${what} in ${excerpt(word)} has a byte without a token; take it out, or train a tokenizer on this text`,
    );
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

/** @throws RangeError unless the merges can't make the padding: it has to be cut into several words */
function checkPadding(padding: string): void {
  let words = 0;
  const stream = wordStream('none', () => words++);
  stream.push(padding);
  stream.end();
  if (words < 2) {
    throw new RangeError(
      `BpeTokenizer: padding must be no word that a text may have, but letters between other signs, such as ${END_OF_TEXT}; got '${padding}'`,
    );
  }
}
