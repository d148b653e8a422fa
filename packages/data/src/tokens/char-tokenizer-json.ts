import { DataError } from '../errors.js';

/** How a character outside the alphabet is encoded: not at all (an error), or as one token for all of them. */
export type UnknownCharacters = 'error' | 'token';

/** All that makes a `CharTokenizer`, ready for `JSON.stringify`. */
export interface CharTokenizerJson {
  /** Distinguishes it from the JSON of other tokenizers. */
  readonly type: 'CharTokenizer';
  /** The characters in order of their tokens, from token 1 on. */
  readonly alphabet: string;
  /** How token 0 is written. */
  readonly padding: string;
  /** How a character outside the alphabet is encoded. */
  readonly unknown: UnknownCharacters;
}

/** @throws DataError unless `json` has the form of a {@link CharTokenizerJson} */
export function parseCharTokenizerJson(json: unknown): CharTokenizerJson {
  if (typeof json !== 'object' || json === null) {
    throw new DataError(
      `CharTokenizer.fromJSON: must be an object as toJSON returns it; got ${json === null ? 'null' : typeof json}`,
    );
  }
  const fields: Partial<Record<string, unknown>> = { ...json };
  const { type, alphabet, padding, unknown } = fields;
  if (type !== 'CharTokenizer') throw wrongField('type', "'CharTokenizer'", type);
  if (typeof alphabet !== 'string') throw wrongField('alphabet', 'a string', alphabet);
  if (typeof padding !== 'string') throw wrongField('padding', 'a string', padding);
  if (unknown !== 'error' && unknown !== 'token') {
    throw wrongField('unknown', "'error' or 'token'", unknown);
  }
  return { type, alphabet, padding, unknown };
}

function wrongField(field: string, rule: string, got: unknown): DataError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return new DataError(`CharTokenizer.fromJSON: ${field} must be ${rule}; got ${shown}`);
}

/** @throws RangeError unless each symbol has one meaning: padding, a character of the alphabet, or unknown */
export function checkAlphabet({
  alphabet,
  padding,
  unknown,
}: Omit<CharTokenizerJson, 'type'>): void {
  if (unknown !== 'error' && unknown !== 'token') {
    throw new RangeError(
      `CharTokenizer: unknown must be 'error' or 'token'; got '${String(unknown)}'`,
    );
  }
  if (Array.from(padding).length !== 1) {
    throw new RangeError(`CharTokenizer: padding must be one character; got '${padding}'`);
  }
  const characters = Array.from(alphabet);
  if (characters.length === 0) {
    throw new RangeError('CharTokenizer: the alphabet must have a character; got none');
  }
  const distinct = new Set<string>();
  const repeated = characters.find((character) => distinct.size === distinct.add(character).size);
  if (repeated !== undefined) {
    throw new RangeError(
      `CharTokenizer: the alphabet must have each character once; got '${repeated}' twice`,
    );
  }
  if (characters.includes(padding)) {
    throw new RangeError(
      `CharTokenizer: the alphabet must not have the padding character '${padding}'; ` +
        'choose another by the option padding',
    );
  }
  if (unknown === 'token' && [padding, ...characters].includes(UNKNOWN_SYMBOL)) {
    throw new RangeError(
      "CharTokenizer: U+FFFD stands for unknown characters; leave it out or set unknown: 'error'",
    );
  }
}

/** Stands for characters outside the alphabet: U+FFFD, Unicode's replacement character. */
export const UNKNOWN_SYMBOL = '\uFFFD';
