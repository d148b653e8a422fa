import { DataError } from '../errors.js';
import type { CharacterUnit, Normalization } from './characters.js';

/** How a character outside the alphabet is encoded: not at all (an error), or as one token for all of them. */
export type UnknownCharacters = 'error' | 'token';

/** All that makes a `CharTokenizer`, ready for `JSON.stringify`. */
export interface CharTokenizerJson {
  /** Distinguishes it from the JSON of other tokenizers. */
  readonly type: 'CharTokenizer';
  /** The characters in order of their tokens, from the first after the special tokens on; a list where they are graphemes. */
  readonly alphabet: string | readonly string[];
  /** How the padding token is written, if there is one. */
  readonly padding?: string | undefined;
  /** How the tokens before the characters are written. Default: the padding, if there is one. */
  readonly special?: readonly string[] | undefined;
  /** How a character outside the alphabet is encoded. */
  readonly unknown: UnknownCharacters;
  /** Default: `'codePoints'`. */
  readonly characters?: CharacterUnit;
  /** Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** @throws DataError unless `json` has the form of a {@link CharTokenizerJson} */
export function parseCharTokenizerJson(json: unknown): CharTokenizerJson {
  if (typeof json !== 'object' || json === null) {
    throw new DataError(
      `CharTokenizer.fromJSON: must be an object as toJSON returns it; got ${json === null ? 'null' : typeof json}`,
    );
  }
  const fields: Partial<Record<string, unknown>> = { ...json };
  const {
    type,
    alphabet,
    padding,
    special,
    unknown,
    characters = 'codePoints',
    normalize = 'none',
  } = fields;
  if (type !== 'CharTokenizer') throw wrongField('type', "'CharTokenizer'", type);
  if (characters !== 'codePoints' && characters !== 'graphemes') {
    throw wrongField('characters', "'codePoints' or 'graphemes'", characters);
  }
  if (normalize !== 'none' && normalize !== 'nfc') {
    throw wrongField('normalize', "'none' or 'nfc'", normalize);
  }
  if (characters === 'codePoints' && typeof alphabet !== 'string') {
    throw wrongField('alphabet', 'a string', alphabet);
  }
  if (!isAlphabet(alphabet)) throw wrongField('alphabet', 'a list of characters', alphabet);
  if (padding !== undefined && typeof padding !== 'string') {
    throw wrongField('padding', 'a string', padding);
  }
  if (special !== undefined && !isList(special)) {
    throw wrongField('special', 'a list of strings', special);
  }
  if (unknown !== 'error' && unknown !== 'token') {
    throw wrongField('unknown', "'error' or 'token'", unknown);
  }
  return { type, alphabet, padding, special, unknown, characters, normalize };
}

const isAlphabet = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' || isList(value);

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function wrongField(field: string, rule: string, got: unknown): DataError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return new DataError(`CharTokenizer.fromJSON: ${field} must be ${rule}; got ${shown}`);
}

/** Symbols that {@link checkSymbols} checks. */
export interface Symbols {
  /** The characters of the alphabet. */
  readonly characters: readonly string[];
  /** The tokens before them. */
  readonly special: readonly string[];
  readonly padding: string | undefined;
  readonly unknown: UnknownCharacters;
}

/** @throws RangeError unless each symbol has one meaning: special, a character of the alphabet, or unknown */
export function checkSymbols({ characters, special, padding, unknown }: Symbols): void {
  if (unknown !== 'error' && unknown !== 'token') {
    throw new RangeError(
      `CharTokenizer: unknown must be 'error' or 'token'; got '${String(unknown)}'`,
    );
  }
  if (padding === '') {
    throw new RangeError("CharTokenizer: padding must have a character; got ''");
  }
  if (padding !== undefined && !special.includes(padding)) {
    throw new RangeError(
      `CharTokenizer: padding must be one of the special tokens ${special.join(', ')}; got '${padding}'`,
    );
  }
  if (characters.length === 0) {
    throw new RangeError('CharTokenizer: the alphabet must have a character; got none');
  }
  const distinct = new Set<string>();
  for (const character of characters) {
    if (character === '') {
      throw new RangeError("CharTokenizer: each character must be one; the alphabet has ''");
    }
    if (distinct.has(character)) {
      throw new RangeError(
        `CharTokenizer: the alphabet must have each character once; got '${character}' twice`,
      );
    }
    distinct.add(character);
  }
  if (padding !== undefined && distinct.has(padding)) {
    throw new RangeError(
      `CharTokenizer: the alphabet must not have the padding character '${padding}'; ` +
        'choose another by the option padding, such as <end>, or leave it out',
    );
  }
  for (const symbol of special) {
    if (symbol !== '' && !distinct.has(symbol)) {
      distinct.add(symbol);
      continue;
    }
    throw new RangeError(
      `CharTokenizer: special tokens must be written as nothing else is, and each once; got '${symbol}'`,
    );
  }
  if (unknown === 'token' && unknownIn(special) === undefined && distinct.has(UNKNOWN_SYMBOL)) {
    throw new RangeError(
      "CharTokenizer: U+FFFD stands for unknown characters; leave it out or set unknown: 'error'",
    );
  }
}

/**
 * The special tokens that the course puts before the characters: the first begins, ends and fills a line here, the last stands for
 * unknown characters.
 */
export const specialTokens: readonly string[] = [
  '<|begin_of_text|>',
  '<|eot_id|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|end_of_text|>',
  '<|UNK|>',
];

/** How unknown characters are written where a special token stands for them. */
const UNKNOWN_NAMES: ReadonlySet<string> = new Set([
  '<|UNK|>',
  '<|unk|>',
  '<unk>',
  '<UNK>',
  '[UNK]',
]);

/** The special token that stands for unknown characters, if one does. */
export const unknownIn = (special: readonly string[]): string | undefined =>
  special.find((symbol) => UNKNOWN_NAMES.has(symbol));

/** Stands for characters outside the alphabet where no special token does: U+FFFD, Unicode's replacement character. */
export const UNKNOWN_SYMBOL = '\uFFFD';
