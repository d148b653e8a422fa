import type { Generator } from '@llm101/random';
import { countCodePoints } from '../code-points.js';
import { count, DataError } from '../errors.js';
import { splitOrder } from '../text/split.js';
import type { TokenArray } from './token-lines.js';
import { asTokenSource, tokenChunks, type TokenSource } from './token-source.js';
import { tokenSpans } from './token-spans.js';
import type { TextTokenizer } from './tokenizer.js';

/** The two parts of a text. */
export interface TextSplit<T = TokenSource> {
  /** Its beginning, to train on. */
  readonly train: T;
  /** Its end, held out. */
  readonly test: T;
}

/** Options of {@link splitText}. */
export interface SplitTextOptions {
  /** The fraction at the end that is held out, strictly between 0 and 1. Default: 0.1. */
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
    const end = unitsOf(text, firstOf(countCodePoints(text), testSize, 'character'));
    return { train: text.slice(0, end), test: text.slice(end) };
  }
  const tokens = asTokenSource(text);
  const end = firstOf(tokens.length, testSize, 'token');
  return { train: tokens.slice(0, end), test: tokens.slice(end, tokens.length) };
}

/** Options of {@link splitTextByLine}. */
export interface SplitTextByLineOptions {
  /** The fraction of the lines that is held out, strictly between 0 and 1. */
  readonly testSize: number;
  /** Draws them. */
  readonly generator: Generator;
  /** Called before the split with the number of lines. */
  readonly onCounted?: (lines: number) => void;
}

/**
 * Splits a text by line, line ends included: lines are drawn as `trainTestSplit` draws them, and stand in the text's order on both sides. A
 * token that has a line feed ends a line.
 *
 * @param tokens - of the text; both sides read them in place
 * @throws RangeError when `testSize` isn't a fraction strictly between 0 and 1
 * @throws DataError when either side would have no line
 */
export function splitTextByLine(
  tokens: TokenSource,
  tokenizer: TextTokenizer,
  { testSize, generator, onCounted }: SplitTextByLineOptions,
): TextSplit {
  const isEnd = Uint8Array.from({ length: tokenizer.vocabSize }, (_, token) =>
    Number(tokenizer.bytesOf(token).includes(LINE_FEED)),
  );
  let lines = 0;
  let end = 0;
  eachLine(tokens, isEnd, (next) => {
    lines++;
    end = next;
  });
  onCounted?.(lines);
  const { test } = splitOrder(lines, { testSize, generator });
  const isTest = new Uint8Array(lines);
  for (const line of test) isTest[line] = 1;
  const spans: [train: number[], test: number[]] = [[], []];
  let [line, start] = [0, 0];
  eachLine(tokens, isEnd, (next) => {
    if (next === end || isTest[line] !== isTest[line + 1]) {
      spans[isTest[line]].push(start, next);
      start = next;
    }
    line++;
  });
  return { train: tokenSpans(tokens, spans[0]), test: tokenSpans(tokens, spans[1]) };
}

const LINE_FEED = 0x0a;

/** Calls a function with where each line ends, the last one at the end of the text. */
function eachLine(tokens: TokenSource, isEnd: Uint8Array, found: (end: number) => void): void {
  let at = 0;
  let last = 0;
  for (const chunk of tokenChunks(tokens)) {
    for (let i = 0; i < chunk.length; i++) {
      if (isEnd[chunk[i]] === 0) continue;
      last = at + i + 1;
      found(last);
    }
    at += chunk.length;
  }
  if (last < tokens.length) found(tokens.length);
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

/** UTF-16 code units of the first code points of a text. */
function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  for (let n = 0; n < codePoints; n++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}
