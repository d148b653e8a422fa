import { count, DataError } from '../errors.js';
import type { TokenArray } from './token-lines.js';
import { asTokenSource, type TokenSource } from './token-source.js';

/** The two parts of a text. */
export interface TextSplit<T = TokenSource> {
  /** Its beginning, to train on. */
  readonly train: T;
  /** Its end, held out. */
  readonly test: T;
}

/** Options of {@link splitText}. */
export interface SplitTextOptions {
  /** The fraction at the end that is held out, strictly between 0 and 1. @defaultValue 0.1 */
  readonly testSize?: number;
}

/**
 * Splits a text by position: its end is held out, and nothing is on both sides. Nothing is drawn. With `testSize` 0.1 training has
 * `floor(0.9 n)` of `n` tokens, or of the code points of a string, as in nanoGPT.
 *
 * @throws RangeError when `testSize` isn't a fraction strictly between 0 and 1
 * @throws DataError when either side would be empty
 */
export function splitText(text: string, options?: SplitTextOptions): TextSplit<string>;
export function splitText(tokens: TokenSource | TokenArray, options?: SplitTextOptions): TextSplit;
export function splitText(
  text: string | TokenSource | TokenArray,
  { testSize = 0.1 }: SplitTextOptions = {},
): TextSplit<string> | TextSplit {
  if (!(testSize > 0 && testSize < 1)) {
    throw new RangeError(
      `splitText: testSize must be a fraction strictly between 0 and 1; got ${testSize}`,
    );
  }
  if (typeof text === 'string') {
    const end = unitsOf(text, firstOf(codePointsOf(text), testSize, 'character'));
    return { train: text.slice(0, end), test: text.slice(end) };
  }
  const tokens = asTokenSource(text);
  const end = firstOf(tokens.length, testSize, 'token');
  return { train: tokens.slice(0, end), test: tokens.slice(end, tokens.length) };
}

/** How many of `length` are to train on. */
function firstOf(length: number, testSize: number, what: string): number {
  const first = Math.floor(length * (1 - testSize));
  if (first > 0 && first < length) return first;
  throw new DataError(
    `splitText: both sides must have a ${what}; testSize ${testSize} of ${count(length)} leaves ${count(length - first)} for test ` +
      `and ${count(first)} for training; give a longer text or another testSize`,
  );
}

function codePointsOf(text: string): number {
  let codePoints = 0;
  for (let i = 0; i < text.length; i++) {
    if ((text.codePointAt(i) ?? 0) > 0xffff) i++;
    codePoints++;
  }
  return codePoints;
}

/** UTF-16 code units of the first code points of a text. */
function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  for (let n = 0; n < codePoints; n++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}
