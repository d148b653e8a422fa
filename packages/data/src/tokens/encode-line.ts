import { DataError } from '../errors.js';
import type { Tokenizer } from './tokenizer.js';

/**
 * @param where - the class that wants lines, as the errors begin with it
 * @throws TypeError when `lines` is no array
 * @throws DataError when it is empty
 */
export function checkLines(where: string, lines: readonly string[]): void {
  if (!Array.isArray(lines)) {
    throw new TypeError(`${where}: lines must be an array; split a text by splitLines`);
  }
  if (lines.length === 0) {
    throw new DataError(`${where}: there must be at least one line; got none`);
  }
}

/**
 * The tokens of a line. Its number, from 0, is for the error.
 *
 * @throws DataError naming the line of a character that the tokenizer doesn't know
 */
export function encodeLine(
  where: string,
  [index, line]: readonly [index: number, line: string],
  tokenizer: Tokenizer,
): Int32Array {
  try {
    return tokenizer.encode(line);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${where}: line ${index + 1}: ${cause.message}`, { cause });
  }
}
