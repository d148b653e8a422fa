import { DataError } from '../errors.js';
import type { CharacterUnit, Normalization } from './characters.js';

/** How a character outside the alphabet is encoded: not at all (an error), or as one token for all of them. */
export type UnknownCharacters = 'error' | 'token';

/** All that makes a `CharTokenizer`, ready for `JSON.stringify`. */
export interface CharTokenizerJson {
  /** Distinguishes it from the JSON of other tokenizers. */
  readonly type: 'CharTokenizer';
  /** The characters in order of their tokens, from token 1 on; a list where they are graphemes. */
  readonly alphabet: string | readonly string[];
  /** How token 0 is written. */
  readonly padding: string;
  /** How a character outside the alphabet is encoded. */
  readonly unknown: UnknownCharacters;
  /** Default: `'codePoints'`. */
  readonly characters?: CharacterUnit;
  /** Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** @throws DataError unless `json` has the form of a {@link CharTokenizerJson} */
export function parseCharTokenizerJson(json: unknown): Required<CharTokenizerJson> {
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
  if (typeof padding !== 'string') throw wrongField('padding', 'a string', padding);
  if (unknown !== 'error' && unknown !== 'token') {
    throw wrongField('unknown', "'error' or 'token'", unknown);
  }
  return { type, alphabet, padding, unknown, characters, normalize };
}

function isAlphabet(value: unknown): value is string | readonly string[] {
  if (typeof value === 'string') return true;
  return Array.isArray(value) && value.every((character) => typeof character === 'string');
}

function wrongField(field: string, rule: string, got: unknown): DataError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return new DataError(`CharTokenizer.fromJSON: ${field} must be ${rule}; got ${shown}`);
}

/** Symbols that {@link checkSymbols} checks. */
export interface Symbols {
  /** The characters of the alphabet. */
  readonly characters: readonly string[];
  readonly padding: string;
  readonly unknown: UnknownCharacters;
}

/** @throws RangeError unless each symbol has one meaning: padding, a character of the alphabet, or unknown */
export function checkSymbols({ characters, padding, unknown }: Symbols): void {
  if (unknown !== 'error' && unknown !== 'token') {
    throw new RangeError(
      `CharTokenizer: unknown must be 'error' or 'token'; got '${String(unknown)}'`,
    );
  }
  if (padding === '') {
    throw new RangeError("CharTokenizer: padding must have a character; got ''");
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
  if (distinct.has(padding)) {
    throw new RangeError(
      `CharTokenizer: the alphabet must not have the padding character '${padding}'; ` +
        'choose another by the option padding, such as <end>, or leave it out',
    );
  }
  if (unknown === 'token' && (padding === UNKNOWN_SYMBOL || distinct.has(UNKNOWN_SYMBOL))) {
    throw new RangeError(
      "CharTokenizer: U+FFFD stands for unknown characters; leave it out or set unknown: 'error'",
    );
  }
}

/** Stands for characters outside the alphabet: U+FFFD, Unicode's replacement character. */
export const UNKNOWN_SYMBOL = '\uFFFD';
