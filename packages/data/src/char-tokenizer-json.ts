import { DataError } from './data-error.js';

/** What becomes of a character outside the alphabet: an error, or one token for all of them. */
export type UnknownCharacters = 'error' | 'token';

/** All that makes a `CharTokenizer`, ready for `JSON.stringify`. */
export interface CharTokenizerJson {
  /** Tells it from the JSON of other tokenizers. */
  readonly type: 'CharTokenizer';
  /** The characters in order of their tokens, from token 1 on. */
  readonly alphabet: string;
  /** How token 0 is written. */
  readonly padding: string;
  /** What becomes of a character that is not in the alphabet. */
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
