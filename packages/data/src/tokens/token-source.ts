import { DataError } from '../errors.js';
import { digits, hashNumbers, START } from '../hash.js';
import type { TokenArray } from './token-lines.js';

/** What tokens are copied into. */
export type TokenBuffer = Int32Array | Float64Array;

/** Token numbers in their order, in memory or in a file. */
export interface TokenSource {
  /** How many tokens. */
  readonly length: number;
  /**
   * Copies the tokens `start` … `start + count - 1` into `into` from `at` on.
   *
   * @throws RangeError when these aren't tokens of it
   */
  copy(start: number, count: number, into: TokenBuffer, at: number): void;
  /**
   * The tokens `start` … `end - 1`, on the same memory or file.
   *
   * @throws RangeError when these aren't tokens of it
   */
  slice(start: number, end: number): TokenSource;
  /** A hash of the tokens, the same wherever they are. It tells texts apart; it isn't cryptographic. */
  hash(): string;
}

/** Tokens that are an array, which is read in place. */
export function tokensInMemory(tokens: TokenArray): TokenSource {
  const isTokens =
    tokens instanceof Uint8Array || tokens instanceof Uint16Array || tokens instanceof Int32Array;
  if (!isTokens) {
    throw new TypeError(
      'tokensInMemory: tokens must be a Uint8Array, Uint16Array or Int32Array; make one by Int32Array.from(tokens)',
    );
  }
  const wrong = tokens instanceof Int32Array ? tokens.findIndex((token) => token < 0) : -1;
  if (wrong === -1) return new MemoryTokens(tokens);
  throw new RangeError(
    `tokensInMemory: tokens must be from 0 on; got ${tokens[wrong]} at index ${wrong}`,
  );
}

class MemoryTokens implements TokenSource {
  readonly length: number;
  readonly #tokens: TokenArray;

  constructor(tokens: TokenArray) {
    this.#tokens = tokens;
    this.length = tokens.length;
  }

  copy(start: number, count: number, into: TokenBuffer, at: number): void {
    checkRange('TokenSource.copy', [start, start + count], this.length);
    const tokens = this.#tokens;
    for (let i = 0; i < count; i++) into[at + i] = tokens[start + i];
  }

  slice(start: number, end: number): TokenSource {
    checkRange('TokenSource.slice', [start, end], this.length);
    return new MemoryTokens(this.#tokens.subarray(start, end));
  }

  hash(): string {
    return digits(hashNumbers(START, this.#tokens));
  }
}

/** @throws RangeError unless these are bounds of some of `length` tokens */
export function checkRange(
  where: string,
  [start, end]: readonly [start: number, end: number],
  length: number,
): void {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (isRange && start >= 0 && start <= end && end <= length) return;
  throw new RangeError(
    `${where}: tokens must be from 0 to ${length}, the end of the source; got ${start} to ${end}`,
  );
}

/** The two parts of a text. */
export interface TextSplit {
  /** The first tokens, to train on. */
  readonly train: TokenSource;
  /** The last tokens, held out. */
  readonly test: TokenSource;
}

/**
 * Splits a text by position: its last tokens are held out, and no token is on both sides. Nothing is drawn. With `testSize` 0.1
 * training has `floor(0.9 n)` of `n` tokens, as in nanoGPT.
 *
 * @throws RangeError when `testSize` isn't a fraction strictly between 0 and 1
 * @throws DataError when either side would be empty
 */
export function splitText(
  tokens: TokenSource,
  { testSize = 0.1 }: { readonly testSize?: number } = {},
): TextSplit {
  if (!(testSize > 0 && testSize < 1)) {
    throw new RangeError(
      `splitText: testSize must be a fraction strictly between 0 and 1; got ${testSize}`,
    );
  }
  const { length } = tokens;
  const end = Math.floor(length * (1 - testSize));
  if (end === 0 || end === length) {
    throw new DataError(
      `splitText: both sides must have a token; testSize ${testSize} of ${length} leaves ${length - end} for test and ` +
        `${end} for training; give a longer text or another testSize`,
    );
  }
  return { train: tokens.slice(0, end), test: tokens.slice(end, length) };
}
