import { checkWhole } from '../errors.js';
import { digits, hashLanes, hashNumbers, LANES, START } from '../hash.js';
import { makeTokens, type TokenArray } from './token-lines.js';

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
  if (wrong !== -1) {
    throw new RangeError(
      `tokensInMemory: tokens must be from 0 on; got ${tokens[wrong]} at index ${wrong}`,
    );
  }
  const segments: TokenArray[] = [];
  for (let at = 0; at < tokens.length; at += SEGMENT) {
    segments.push(tokens.subarray(at, at + SEGMENT));
  }
  return new MemoryTokens(segments, 0, tokens.length);
}

/** Tokens as a source of them: an array is read in place. */
export function asTokenSource(tokens: TokenSource | TokenArray): TokenSource {
  return 'copy' in tokens ? tokens : tokensInMemory(tokens);
}

/** Takes in tokens one after the other. */
export interface TokenSink {
  /** @throws RangeError when one isn't a number below the vocabulary's size */
  push(tokens: Int32Array): void;
}

/** A sink that gives back what it took in. */
export interface MemorySink extends TokenSink {
  /** All tokens, as they are by then. */
  end(): TokenSource;
}

/** Tokens of a segment: memory grows by one of these, and none is copied when it does. */
const SEGMENT = 2 ** 22;

/**
 * Collects tokens in memory, in 1, 2 or 4 bytes each as the vocabulary asks for.
 *
 * @param vocabSize - V; tokens are 0 … V - 1
 */
export function memorySink(vocabSize: number): MemorySink {
  checkWhole('memorySink: vocabSize', vocabSize, 1);
  const segments: TokenArray[] = [];
  let length = 0;
  return {
    push(tokens) {
      checkTokens('memorySink', tokens, vocabSize);
      let taken = 0;
      while (taken < tokens.length) {
        const used = length % SEGMENT;
        if (used === 0) segments.push(makeTokens(vocabSize - 1, SEGMENT));
        const part = tokens.subarray(taken, taken + SEGMENT - used);
        segments[segments.length - 1].set(part, used);
        taken += part.length;
        length += part.length;
      }
    },
    end() {
      const whole = Math.floor(length / SEGMENT);
      const rest = segments.slice(whole).map((last) => last.slice(0, length % SEGMENT));
      return new MemoryTokens([...segments.slice(0, whole), ...rest], 0, length);
    },
  };
}

/** @throws RangeError naming the first number that is no token */
export function checkTokens(where: string, tokens: TokenArray, vocabSize: number): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token >>> 0 < vocabSize) continue;
    throw new RangeError(
      `${where}: tokens must be from 0 to ${vocabSize - 1}, below vocabSize; got ${token}`,
    );
  }
}

class MemoryTokens implements TokenSource {
  readonly length: number;
  readonly #segments: readonly TokenArray[];
  readonly #start: number;

  /** @param segments - each of `SEGMENT` tokens but for the last */
  constructor(segments: readonly TokenArray[], start: number, length: number) {
    this.#segments = segments;
    this.#start = start;
    this.length = length;
  }

  copy(start: number, count: number, into: TokenBuffer, at: number): void {
    checkRange('TokenSource.copy', [start, start + count], this.length);
    const end = this.#start + start + count;
    let to = at;
    for (let from = this.#start + start; from < end;) {
      const first = from % SEGMENT;
      const tokens = this.#segments[(from - first) / SEGMENT];
      const last = Math.min(SEGMENT, first + end - from);
      for (let i = first; i < last; i++) into[to++] = tokens[i];
      from += last - first;
    }
  }

  slice(start: number, end: number): TokenSource {
    checkRange('TokenSource.slice', [start, end], this.length);
    return new MemoryTokens(this.#segments, this.#start + start, end - start);
  }

  hash(): string {
    return hashTokens(this);
  }
}

/** Whether these are tokens in memory of this package, which are tokens by construction. */
export function isInMemory(tokens: TokenSource): boolean {
  return Object.getPrototypeOf(tokens) === MemoryTokens.prototype;
}

/** Tokens of a chunk: a multiple of a hash's lanes. */
const CHUNK = 2 ** 16;

/** All tokens in their order, some at a time. Each chunk is a view of one buffer, and is overwritten by the next. */
export function* tokenChunks(
  tokens: Pick<TokenSource, 'length' | 'copy'>,
): Generator<Int32Array, void, undefined> {
  const buffer = new Int32Array(Math.min(CHUNK, tokens.length));
  for (let at = 0; at < tokens.length; at += CHUNK) {
    const count = Math.min(CHUNK, tokens.length - at);
    tokens.copy(at, count, buffer, 0);
    yield buffer.subarray(0, count);
  }
}

/** The hash of a source, by copies of parts of it, so that it is the same whatever they are kept in. */
export function hashTokens(tokens: Pick<TokenSource, 'length' | 'copy'>): string {
  const lanes = new Int32Array(LANES).fill(START);
  for (const chunk of tokenChunks(tokens)) hashLanes(lanes, chunk, chunk.length);
  return digits(hashNumbers(START, lanes));
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
