import { DataError, describeCharacter, excerpt } from '../errors.js';
import { splitLines } from '../text/split.js';
import { checkAlphabet, parseCharTokenizerJson, UNKNOWN_SYMBOL } from './char-tokenizer-json.js';
import type { CharTokenizerJson, UnknownCharacters } from './char-tokenizer-json.js';
import type { TextTokenizer, UnknownCharacter } from './tokenizer.js';

/** Options of {@link CharTokenizer}. */
export interface CharTokenizerOptions {
  /** How token 0 is written: one character that the texts don't hold. @defaultValue '.' */
  readonly padding?: string;
  /** With `'token'`, U+FFFD is one more token, the last. @defaultValue 'error' */
  readonly unknown?: UnknownCharacters;
}

/**
 * One token a character: 0 is padding and end, 1 … are the alphabet in its order, and with `unknown: 'token'` the
 * last stands for every other character. Characters are code points, so an emoji is one token.
 */
export class CharTokenizer implements TextTokenizer {
  readonly paddingIndex = 0;
  readonly vocabSize: number;
  /** The characters in order of their tokens, from token 1 on. */
  readonly alphabet: string;
  /** How token 0 is written. */
  readonly padding: string;
  /** How a character outside the alphabet is encoded. */
  readonly unknown: UnknownCharacters;
  readonly #symbols: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  private constructor(
    alphabet: string,
    { padding = '.', unknown = 'error' }: CharTokenizerOptions,
  ) {
    checkAlphabet({ alphabet, padding, unknown });
    this.alphabet = alphabet;
    this.padding = padding;
    this.unknown = unknown;
    const characters = Array.from(alphabet); // code points
    const last = unknown === 'token' ? [UNKNOWN_SYMBOL] : [];
    this.#symbols = [padding, ...characters, ...last];
    this.vocabSize = this.#symbols.length;
    this.#indices = new Map(characters.map((character, i) => [character, i + 1]));
  }

  /**
   * @param alphabet - each character once, in the order of their tokens
   * @throws RangeError when it is empty, repeats a character or holds the padding character
   */
  static fromAlphabet(alphabet: string, options: CharTokenizerOptions = {}): CharTokenizer {
    return new CharTokenizer(alphabet, options);
  }

  /**
   * The alphabet is every character of the text but line ends, sorted by code point.
   *
   * @param text - a text or its lines
   * @throws DataError when it has no characters or holds the padding character
   */
  static fromText(
    text: string | readonly string[],
    options: CharTokenizerOptions = {},
  ): CharTokenizer {
    const lines = typeof text === 'string' ? splitLines(text) : text;
    const characters = new Set<string>();
    for (const line of lines) for (const character of line) characters.add(character);
    characters.delete('\n');
    if (characters.size === 0) {
      throw new DataError('CharTokenizer.fromText: the text must have characters; got none');
    }
    const { padding = '.' } = options;
    if (characters.has(padding)) {
      const i = lines.findIndex((line) => line.includes(padding));
      throw new DataError(
        `CharTokenizer.fromText: the text must not hold the padding character '${padding}'; ` +
          `line ${i + 1} is ${excerpt(lines[i])}; choose another by the option padding`,
      );
    }
    return new CharTokenizer([...characters].sort(byCodePoint).join(''), options);
  }

  /**
   * The tokenizer that `toJSON` described.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it describes none
   */
  static fromJSON(json: unknown): CharTokenizer {
    const { alphabet, padding, unknown } = parseCharTokenizerJson(json);
    try {
      return new CharTokenizer(alphabet, { padding, unknown });
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`CharTokenizer.fromJSON: ${message}`, { cause });
    }
  }

  /** All that makes this tokenizer; {@link CharTokenizer.fromJSON} reads it. */
  toJSON(): CharTokenizerJson {
    const { alphabet, padding, unknown } = this;
    return { type: 'CharTokenizer', alphabet, padding, unknown };
  }

  /**
   * A token for each character, without padding or end. The padding character itself counts as unknown.
   *
   * @returns `[characters]` int32
   * @throws DataError for a character outside the alphabet, unless `unknown` is `'token'`
   */
  encode(text: string): Int32Array {
    const tokens = new Int32Array(text.length);
    let length = 0;
    for (const character of text) {
      tokens[length] =
        this.#indices.get(character) ?? this.#encodeUnknown({ character, index: length }, text);
      length++;
    }
    return length === text.length ? tokens : tokens.slice(0, length);
  }

  /** The first character of a text that is not in the alphabet, also where `unknown` is `'token'`; else `undefined`. */
  firstUnknown(text: string): UnknownCharacter | undefined {
    let index = 0;
    for (const character of text) {
      if (!this.#indices.has(character)) return { character, index };
      index++;
    }
    return undefined;
  }

  /**
   * A character for each token; padding and end are written as the padding character.
   *
   * @throws RangeError for a number that is no token
   */
  decode(tokens: Iterable<number>): string {
    let text = '';
    for (const token of tokens) {
      if (!(token in this.#symbols)) {
        throw new RangeError(
          `CharTokenizer.decode: tokens must be whole numbers from 0 to ${this.vocabSize - 1}; got ${token}`,
        );
      }
      text += this.#symbols[token];
    }
    return text;
  }

  #encodeUnknown({ character, index }: UnknownCharacter, text: string): number {
    if (this.unknown === 'token') return this.vocabSize - 1;
    const where = `character ${index + 1} of ${excerpt(text, index)}`;
    throw new DataError(
      `${describeCharacter(character)}, ${where}, is not in the alphabet ${excerpt(this.alphabet)}; ` +
        "take it out, make the alphabet from this text, or set unknown: 'token'",
    );
  }
}

function byCodePoint(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}
