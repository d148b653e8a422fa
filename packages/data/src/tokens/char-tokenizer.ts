import { DataError, describeCharacter, excerpt } from '../errors.js';
import { splitLines } from '../text/split.js';
import { endSymbolFor, normalized, splitCharacters } from './characters.js';
import type { CharacterUnit, Normalization } from './characters.js';
import { checkSymbols, parseCharTokenizerJson, UNKNOWN_SYMBOL } from './char-tokenizer-json.js';
import type { CharTokenizerJson, UnknownCharacters } from './char-tokenizer-json.js';
import type { TextTokenizer, UnknownCharacter } from './tokenizer.js';

/** Options of {@link CharTokenizer}. */
export interface CharTokenizerOptions {
  /**
   * How token 0 is written: a symbol that isn't in the alphabet. Default: the first of `.`, `_`, `·`, `¶` and `␃` that isn't;
   * where all are, `<end>`, which is longer than a character.
   */
  readonly padding?: string | undefined;
  /** With `'token'`, U+FFFD is one more token, the last. @defaultValue 'error' */
  readonly unknown?: UnknownCharacters;
  /** Whether a token is a code point, or what a reader takes for a character. @defaultValue 'codePoints' */
  readonly characters?: CharacterUnit;
  /** With `'nfc'`, texts are composed before they become tokens: `e` and an accent are `é`. @defaultValue 'none' */
  readonly normalize?: Normalization;
}

/**
 * One token a character: 0 is padding and end, 1 … are the alphabet in its order, and with `unknown: 'token'` the
 * last stands for every other character. Characters are code points, so that an emoji is one token, or with `characters:
 * 'graphemes'` what a reader takes for one, so that an emoji of several code points is, too.
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
  /** What counts as a character. */
  readonly characters: CharacterUnit;
  /** Whether texts are composed before they become tokens. */
  readonly normalize: Normalization;
  readonly #symbols: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  private constructor(alphabet: readonly string[], options: CharTokenizerOptions) {
    const { unknown = 'error', characters = 'codePoints', normalize = 'none' } = options;
    const { padding = endSymbolFor(new Set(alphabet)) } = options;
    checkSymbols({ characters: alphabet, padding, unknown });
    this.alphabet = alphabet.join('');
    this.padding = padding;
    this.unknown = unknown;
    this.characters = characters;
    this.normalize = normalize;
    const last = unknown === 'token' ? [UNKNOWN_SYMBOL] : [];
    this.#symbols = [padding, ...alphabet, ...last];
    this.vocabSize = this.#symbols.length;
    this.#indices = new Map(alphabet.map((character, i) => [character, i + 1]));
  }

  /**
   * @param alphabet - each character once, in the order of their tokens
   * @throws RangeError when it is empty, repeats a character or holds the padding symbol
   */
  static fromAlphabet(
    alphabet: string | readonly string[],
    options: CharTokenizerOptions = {},
  ): CharTokenizer {
    const { characters = 'codePoints', normalize = 'none' } = options;
    return new CharTokenizer(
      typeof alphabet === 'string'
        ? Array.from(splitCharacters(alphabet, { characters, normalize }))
        : alphabet.map((character) => normalized(character, normalize)),
      options,
    );
  }

  /**
   * The alphabet is every character of the text but line ends, sorted by code point.
   *
   * @param text - a text or its lines
   * @throws DataError when it has no characters or holds the padding symbol that was chosen
   */
  static fromText(
    text: string | readonly string[],
    options: CharTokenizerOptions = {},
  ): CharTokenizer {
    const { padding, characters = 'codePoints', normalize = 'none' } = options;
    const lines = typeof text === 'string' ? splitLines(text) : text;
    const found = new Set<string>();
    for (const line of lines) {
      for (const character of splitCharacters(line, { characters, normalize })) {
        found.add(character);
      }
    }
    found.delete('\n');
    found.delete('\r\n');
    if (found.size === 0) {
      throw new DataError('CharTokenizer.fromText: the text must have characters; got none');
    }
    if (padding !== undefined && found.has(padding)) {
      const i = lines.findIndex((line) => line.includes(padding));
      throw new DataError(
        `CharTokenizer.fromText: the text must not hold the padding symbol '${padding}'; ` +
          `line ${i + 1} is ${excerpt(lines[i])}; choose another by the option padding, or leave it out`,
      );
    }
    return new CharTokenizer([...found].sort(byCodePoint), options);
  }

  /**
   * The tokenizer that `toJSON` described.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it describes none
   */
  static fromJSON(json: unknown): CharTokenizer {
    const { alphabet, ...options } = parseCharTokenizerJson(json);
    try {
      return new CharTokenizer(Array.from(alphabet), options); // of a string, code points
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`CharTokenizer.fromJSON: ${message}`, { cause });
    }
  }

  /** All that makes this tokenizer; {@link CharTokenizer.fromJSON} reads it. */
  toJSON(): CharTokenizerJson {
    const { alphabet, padding, unknown, characters, normalize } = this;
    const isPlain = characters === 'codePoints';
    return {
      type: 'CharTokenizer',
      alphabet: isPlain ? alphabet : [...this.#indices.keys()],
      padding,
      unknown,
      ...(!isPlain && { characters }),
      ...(normalize !== 'none' && { normalize }),
    };
  }

  /** The characters of a text as it counts them. */
  split(text: string): string[] {
    return Array.from(splitCharacters(text, this));
  }

  /**
   * A token for each character, without padding or end. The padding symbol itself counts as unknown.
   *
   * @returns `[characters]` int32
   * @throws DataError for a character outside the alphabet, unless `unknown` is `'token'`
   */
  encode(text: string): Int32Array {
    const composed = normalized(text, this.normalize);
    const tokens = new Int32Array(composed.length);
    let length = 0;
    for (const character of splitCharacters(text, this)) {
      tokens[length] =
        this.#indices.get(character) ?? this.#encodeUnknown({ character, index: length }, composed);
      length++;
    }
    return length === tokens.length ? tokens : tokens.slice(0, length);
  }

  /** The first character of a text that is not in the alphabet, also where `unknown` is `'token'`; else `undefined`. */
  firstUnknown(text: string): UnknownCharacter | undefined {
    let index = 0;
    for (const character of splitCharacters(text, this)) {
      if (!this.#indices.has(character)) return { character, index };
      index++;
    }
    return undefined;
  }

  /**
   * A character for each token; padding and end are written as the padding symbol.
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

/** By the first code point in which they differ; UTF-16 would sort surrogates before what is above them. */
function byCodePoint(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Within a pair of surrogates both have the same first half, and the second decides as well.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
