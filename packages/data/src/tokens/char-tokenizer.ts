import { DataError, describeCharacter, excerpt } from '../errors.js';
import { graphemes, normalized, normalizing, splitCharacters } from './characters.js';
import { endSymbolFor, type CharacterUnit, type Normalization } from './characters.js';
import { alphabetFit } from './alphabet-fit.js';
import { CharacterTable } from './character-table.js';
import { checkSymbols, parseCharTokenizerJson } from './char-tokenizer-json.js';
import { UNKNOWN_SYMBOL, unknownIn } from './char-tokenizer-json.js';
import type { CharTokenizerJson, UnknownCharacters } from './char-tokenizer-json.js';
import { type CharVocabOptions, parseCharVocab } from './char-vocab.js';
import type { LineEnds, PieceDecoder, PieceEncoder } from './tokenizer.js';
import type { TextTokenizer, TokenizerFit, UnknownCharacter } from './tokenizer.js';

/** Options of {@link CharTokenizer}. */
export interface CharTokenizerOptions {
  /**
   * How the padding token is written: a symbol that isn't in the alphabet, token 0 unless there are special tokens, of which it is
   * one. `false`: there is none, and characters count from 0. Default: the first of the special tokens; without them the first of `.`,
   * `_`, `·`, `¶` and `␃` that isn't in the alphabet; where all are, `<end>`, which is longer than a character.
   */
  readonly padding?: string | false | undefined;
  /** How the tokens before the characters are written, such as the course's `specialTokens`. No text encodes to them. */
  readonly special?: readonly string[] | undefined;
  /**
   * With `'token'`, all other characters are one token: `<|UNK|>` where that is one of the special tokens, else U+FFFD, one more
   * and the last. Default: `'error'`.
   */
  readonly unknown?: UnknownCharacters;
  /** Whether a token is a code point, or what a reader takes for a character. Default: `'codePoints'`. */
  readonly characters?: CharacterUnit;
  /** With `'nfc'`, texts are composed before they become tokens: `e` and an accent are `é`. Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** Options of {@link CharTokenizer.fit}. */
export interface CharTokenizerFitOptions extends CharTokenizerOptions {
  /**
   * With `'characters'`, line ends are characters of the text, as for nanoGPT's blocks, and there is no padding unless it is asked
   * for. Default: `'separate'`.
   */
  readonly lineEnds?: LineEnds;
}

/**
 * One token a character: padding and other special tokens, then the alphabet in its order, and with `unknown: 'token'` one that
 * stands for every other character. Characters are code points, so that an emoji is one token, or with `characters: 'graphemes'`
 * what a reader takes for one, so that an emoji of several code points is, too.
 */
export class CharTokenizer implements TextTokenizer {
  readonly paddingIndex: number | undefined;
  readonly vocabSize: number;
  /** The characters in order of their tokens, after the special ones. */
  readonly alphabet: string;
  /** How the padding token is written, if there is one. */
  readonly padding: string | undefined;
  /** How the tokens before the characters are written, in their order. */
  readonly special: readonly string[];
  /** How a character outside the alphabet is encoded. */
  readonly unknown: UnknownCharacters;
  /** What counts as a character. */
  readonly characters: CharacterUnit;
  /** Whether texts are composed before they become tokens. */
  readonly normalize: Normalization;
  readonly #symbols: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;
  readonly #unknownToken: number;
  /** Made when a text is encoded. */
  #table: CharacterTable | undefined;

  private constructor(alphabet: readonly string[], options: CharTokenizerOptions) {
    const { unknown = 'error', characters = 'codePoints', normalize = 'none' } = options;
    const { padding = options.special?.[0] ?? endSymbolFor(new Set(alphabet)) } = options;
    this.padding = padding === false ? undefined : padding;
    this.special = options.special ?? (this.padding === undefined ? [] : [this.padding]);
    checkSymbols({ characters: alphabet, special: this.special, padding: this.padding, unknown });
    this.paddingIndex = this.padding === undefined ? undefined : this.special.indexOf(this.padding);
    this.alphabet = alphabet.join('');
    this.unknown = unknown;
    this.characters = characters;
    this.normalize = normalize;
    const unknownSymbol = unknownIn(this.special) ?? UNKNOWN_SYMBOL;
    const isLast = unknown === 'token' && !this.special.includes(unknownSymbol);
    this.#symbols = [...this.special, ...alphabet, ...(isLast ? [unknownSymbol] : [])];
    this.vocabSize = this.#symbols.length;
    this.#unknownToken = this.#symbols.indexOf(unknownSymbol);
    const first = this.special.length;
    this.#indices = new Map(alphabet.map((character, i) => [character, first + i]));
  }

  /**
   * @param alphabet - each character once, in the order of their tokens
   * @throws RangeError when it is empty, repeats a character or holds a special token
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
   * The alphabet is every character of the text, sorted by code point; line ends are none unless `lineEnds` says so.
   *
   * @param text - a text or its lines
   * @throws DataError when it has no characters or holds the padding symbol that was chosen
   */
  static fromText(
    text: string | readonly string[],
    options: CharTokenizerFitOptions = {},
  ): CharTokenizer {
    const fit = CharTokenizer.fit(options);
    if (typeof text === 'string') fit.push(text);
    else for (const line of text) fit.push(`${line}\n`);
    return fit.end();
  }

  /** What {@link CharTokenizer.fromText} does, for a text that comes in pieces. */
  static fit(options: CharTokenizerFitOptions = {}): TokenizerFit<CharTokenizer> {
    const { lineEnds = 'separate', ...own } = options;
    const { padding = lineEnds === 'characters' && !own.special ? false : undefined } = own;
    const reserved = own.special ?? (typeof padding === 'string' ? [padding] : []);
    const fit = alphabetFit({ ...own, reserved, lineEnds });
    return {
      push: (text) => fit.push(text),
      end: () => new CharTokenizer(fit.end(), { ...own, padding }),
    };
  }

  /**
   * The tokenizer of a `vocab.json`, an object of tokens and their numbers, as the course writes it.
   *
   * @param vocab - parsed JSON from any source
   * @throws DataError when it is none, saying why
   */
  static fromVocab(vocab: unknown, options: CharVocabOptions = {}): CharTokenizer {
    const { alphabet, ...own } = parseCharVocab(vocab, options);
    return CharTokenizer.#checked('fromVocab', alphabet, own);
  }

  /**
   * The tokenizer that `toJSON` described.
   *
   * @param json - parsed JSON from any source
   * @throws DataError when it describes none
   */
  static fromJSON(json: unknown): CharTokenizer {
    const { alphabet, padding = false, ...options } = parseCharTokenizerJson(json);
    return CharTokenizer.#checked('fromJSON', Array.from(alphabet), { padding, ...options }); // of a string, code points
  }

  static #checked(
    where: string,
    alphabet: readonly string[],
    options: CharTokenizerOptions,
  ): CharTokenizer {
    try {
      return new CharTokenizer(alphabet, options);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`CharTokenizer.${where}: ${message}`, { cause });
    }
  }

  /** All that makes this tokenizer; {@link CharTokenizer.fromJSON} reads it. */
  toJSON(): CharTokenizerJson {
    const { alphabet, padding, special, unknown, characters, normalize } = this;
    const isPlain = characters === 'codePoints';
    return {
      type: 'CharTokenizer',
      alphabet: isPlain ? alphabet : [...this.#indices.keys()],
      ...(padding !== undefined && { padding }),
      ...(special.length > (padding === undefined ? 0 : 1) && { special }),
      unknown,
      ...(!isPlain && { characters }),
      ...(normalize !== 'none' && { normalize }),
    };
  }

  /** The course's `vocab.json`: tokens and their numbers, in the order of these, as Python's `json` writes them. */
  vocabText(): string {
    const rows = this.#symbols.map((symbol, token) => `    ${JSON.stringify(symbol)}: ${token}`);
    return `{\n${rows.join(',\n')}\n}`;
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
    return this.#encode(this.characters === 'codePoints' ? composed : this.split(text), 0);
  }

  pieces(): PieceEncoder {
    const composed = normalizing(this.normalize);
    const units = this.characters === 'graphemes' ? graphemes() : undefined;
    let before = 0;
    const encode = (characters: string | string[]): Int32Array => {
      const tokens = this.#encode(characters, before);
      before += tokens.length;
      return tokens;
    };
    return {
      push(text) {
        const rest = composed.push(text);
        return encode(units === undefined ? rest : units.push(rest));
      },
      end() {
        const rest = composed.end();
        const tokens = encode(units === undefined ? rest : [...units.push(rest), ...units.end()]);
        before = 0;
        return tokens;
      },
    };
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
   * A character for each token; special tokens are written as their symbols.
   *
   * @throws RangeError for a number that is no token
   */
  decode(tokens: Iterable<number>): string {
    let text = '';
    for (const token of tokens) text += this.#symbolOf(token);
    return text;
  }

  decoder(): PieceDecoder {
    return { push: (tokens) => this.decode(tokens), end: () => '' };
  }

  /** @throws RangeError for a number that is no token */
  bytesOf(token: number): Uint8Array {
    return new TextEncoder().encode(this.#symbolOf(token));
  }

  #symbolOf(token: number): string {
    if (!(token in this.#symbols)) {
      throw new RangeError(
        `CharTokenizer.decode: tokens must be whole numbers from 0 to ${this.vocabSize - 1}; got ${token}`,
      );
    }
    return this.#symbols[token];
  }

  /** @param before - characters before these */
  #encode(characters: string | string[], before: number): Int32Array {
    const rest = { characters, before };
    if (typeof characters === 'string') {
      this.#table ??= new CharacterTable(this.#indices);
      return this.#table.encode(characters, (character, index) =>
        this.#encodeUnknown({ character, index }, rest),
      );
    }
    return Int32Array.from(
      characters,
      (character, index) =>
        this.#indices.get(character) ?? this.#encodeUnknown({ character, index }, rest),
    );
  }

  #encodeUnknown(
    { character, index }: UnknownCharacter,
    { characters, before }: { characters: string | string[]; before: number },
  ): number {
    if (this.unknown === 'token') return this.#unknownToken;
    const text = typeof characters === 'string' ? characters : characters.join('');
    const where = `character ${before + index + 1} of ${excerpt(text, index)}`;
    throw new DataError(
      `${describeCharacter(character)}, ${where}, is not in the alphabet ${excerpt(this.alphabet)}; ` +
        "take it out, make the alphabet from this text, or add a token for unknown characters: unknown: 'token', or <|UNK|> in a vocab.json",
    );
  }
}
