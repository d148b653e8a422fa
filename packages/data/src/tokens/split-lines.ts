import { count, DataError } from '../errors.js';
import { splitOrder, type SplitOrder, type TrainTestSplitOptions } from '../text/split.js';
import { LineIndex } from './line-index.js';
import { makeTokens, paddingOf, type TokenArray, type TokenLines } from './token-lines.js';
import { tokenChunks, type TokenSource } from './token-source.js';
import type { Tokenizer } from './tokenizer.js';

/** Options of {@link splitTokenLines}. */
export interface SplitTokenLinesOptions extends TrainTestSplitOptions {
  /** Called before the split with the number of lines, or of different ones where these are split. */
  readonly onCounted?: (lines: number) => void;
}

/**
 * What `trainTestSplit` makes of the lines of a text, without strings: it draws the numbers of lines, and copies the tokens of each to
 * its place.
 *
 * @param tokens - of `encodeText` with `lineEnds: 'separate'`, in memory or in a file
 * @throws RangeError, DataError as `trainTestSplit` does
 */
export function splitTokenLines(
  tokens: TokenSource,
  tokenizer: Tokenizer,
  { distinct = false, onCounted, ...options }: SplitTokenLinesOptions,
): { readonly train: TokenLines; readonly test: TokenLines } {
  const lengths = lengthsOfLines(tokens, tokenizer);
  if (!distinct) {
    onCounted?.(lengths.length);
    const places = placeLines(lengths, splitOrder(lengths.length, options));
    return gather(tokens, tokenizer, places);
  }
  const groups = groupLines(tokenLinesOf(tokens, tokenizer));
  onCounted?.(groups.firsts.length - 1);
  const { train, test } = splitOrder(groups.firsts.length - 1, options);
  const order = { train: linesOfGroups(groups, train), test: linesOfGroups(groups, test) };
  return gather(tokens, tokenizer, placeLines(lengths, order));
}

/**
 * All lines of a text in their order.
 *
 * @param tokens - of `encodeText` with `lineEnds: 'separate'`
 * @throws DataError when there is no line
 */
export function tokenLinesOf(tokens: TokenSource, tokenizer: Tokenizer): TokenLines {
  const lengths = lengthsOfLines(tokens, tokenizer);
  if (lengths.length === 0) throw new DataError('a text must have a line; got none');
  const all = Int32Array.from(lengths, (_, i) => i);
  const none = new Int32Array(0);
  return gather(tokens, tokenizer, placeLines(lengths, { train: all, test: none })).train;
}

/** Lines that are spread evenly over some: each n-th one, so that they have at most `most` positions, about. */
export function spreadLines(lines: TokenLines, most: number): TokenLines {
  const step = Math.ceil(lines.positions / most);
  if (!(step > 1)) return lines;
  const { paddingIndex, tokens: from, starts: of, answers: counted } = lines;
  const length = Math.ceil(lines.length / step);
  const starts = new Int32Array(length + 1);
  const lengthOf = (line: number): number => of[line + 1] - of[line];
  for (let i = 0; i < length; i++) starts[i + 1] = starts[i] + lengthOf(i * step);
  const positions = starts[length];
  const tokens = from.slice(0, positions + 1);
  for (let i = 0; i < length; i++) {
    tokens.set(from.subarray(of[i * step], of[i * step + 1]), starts[i]);
  }
  tokens[positions] = paddingIndex;
  const longest = starts.reduce((most, end, i) => Math.max(most, end - (starts[i - 1] ?? end)), 0);
  const answers =
    counted && starts.slice(0, length).map((start, i) => start + counted[i * step] - of[i * step]);
  return { length, positions, longest, paddingIndex, tokens, starts, answers };
}

/**
 * The first lines of some, on the same memory.
 *
 * @throws RangeError unless there are as many, and at least one
 */
export function firstLines(lines: TokenLines, length: number): TokenLines {
  if (!Number.isInteger(length) || length < 1 || length > lines.length) {
    throw new RangeError(
      `firstLines: length must be a whole number from 1 to ${lines.length}, the lines that there are; got ${length}`,
    );
  }
  const { paddingIndex, tokens, starts: of, answers } = lines;
  const starts = of.subarray(0, length + 1);
  const positions = starts[length];
  let longest = 0;
  for (let i = 0; i < length; i++) longest = Math.max(longest, starts[i + 1] - starts[i]);
  return {
    length,
    positions,
    longest,
    paddingIndex,
    tokens: tokens.subarray(0, positions + 1), // the padding before the next line ends the last one
    starts,
    answers: answers?.subarray(0, length),
  };
}

/** Positions of each line: its tokens and the padding before them. `[N]` int32, in memory that has room for two more. */
function lengthsOfLines(tokens: TokenSource, tokenizer: Tokenizer): Int32Array {
  const padding = paddingOf(tokenizer, 'splitTokenLines');
  if (tokens.length > 2 ** 31) {
    throw new DataError(
      `lines can have at most ${count(2 ** 31)} tokens together; got ${count(tokens.length)}; take the text as one stream, in blocks`,
    );
  }
  let paddings = 0;
  for (const chunk of tokenChunks(tokens)) {
    for (let i = 0; i < chunk.length; i++) if (chunk[i] === padding) paddings++;
  }
  const N = Math.max(0, paddings - 1);
  const lengths = new Int32Array(N + 2).subarray(0, N);
  let line = -1;
  let start = 0;
  let at = 0;
  for (const chunk of tokenChunks(tokens)) {
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] !== padding) continue;
      if (line >= 0) lengths[line] = at + i - start;
      start = at + i;
      line++;
    }
    at += chunk.length;
  }
  return lengths;
}

/** Where the lines of a source go. */
interface Places {
  /** Of each line in the source: of a training line where it begins, of another one's complement. Becomes the starts of all. */
  readonly places: Int32Array;
  readonly train: LineSizes;
  readonly test: LineSizes;
}

/** The sizes of some lines together. */
type LineSizes = Pick<TokenLines, 'length' | 'positions' | 'longest'>;

/** Turns the length of each line into its place. The order isn't kept: it takes as much memory. */
function placeLines(lengths: Int32Array, { train, test }: SplitOrder): Places {
  const places = lengths;
  const place = (lines: Int32Array, isTest: boolean): LineSizes => {
    let [positions, longest] = [0, 0];
    for (const line of lines) {
      const length = lengths[line];
      places[line] = isTest ? ~positions : positions;
      positions += length;
      longest = Math.max(longest, length);
    }
    return { length: lines.length, positions, longest };
  };
  return { places, train: place(train, false), test: place(test, true) };
}

/** Copies the lines of a source to their places, in one pass over it. */
function gather(
  source: TokenSource,
  tokenizer: Tokenizer,
  { places, train, test }: Places,
): { train: TokenLines; test: TokenLines } {
  const paddingIndex = paddingOf(tokenizer, 'splitTokenLines');
  const highest = Math.max(tokenizer.vocabSize - 1, paddingIndex);
  const trainTokens = makeTokens(highest, train.positions + 1);
  const testTokens = makeTokens(highest, test.positions + 1);
  let line = -1;
  let into = trainTokens;
  let to = 0;
  for (const chunk of tokenChunks(source)) {
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === paddingIndex) {
        const next = ++line < places.length ? places[line] : train.positions; // what is last ends the training lines
        into = next < 0 ? testTokens : trainTokens;
        to = next < 0 ? ~next : next;
      }
      into[to++] = chunk[i];
    }
  }
  testTokens[test.positions] = paddingIndex;
  const starts = new Int32Array(places.buffer); // of all lines, and two ends
  const lines = (sizes: LineSizes, tokens: TokenArray, own: Int32Array): TokenLines => {
    writeStarts(tokens, paddingIndex, own);
    return { ...sizes, paddingIndex, tokens, starts: own };
  };
  return {
    train: lines(train, trainTokens, starts.subarray(0, train.length + 1)),
    test: lines(test, testTokens, starts.subarray(train.length + 1)),
  };
}

/** Writes where each line begins, and where the last one ends. */
function writeStarts(tokens: TokenArray, paddingIndex: number, starts: Int32Array): void {
  let line = 0;
  for (let at = 0; at < tokens.length; at++) if (tokens[at] === paddingIndex) starts[line++] = at;
}

/** Lines by which of them are the same. */
interface LineGroups {
  /** `[N]` lines, those of a group side by side, groups in the order of their first lines. */
  readonly lines: Int32Array;
  /** `[G + 1]`: where each group begins, and where the last one ends. */
  readonly firsts: Int32Array;
}

function groupLines(lines: TokenLines): LineGroups {
  const index = new LineIndex([lines]);
  const groups = new Int32Array(lines.length);
  let found = 0;
  for (let line = 0; line < lines.length; line++) {
    const first = index.add(0, line);
    groups[line] = first === line ? found++ : groups[first];
  }
  const firsts = new Int32Array(found + 1);
  for (const group of groups) firsts[group + 1]++;
  for (let group = 0; group < found; group++) firsts[group + 1] += firsts[group];
  const next = firsts.slice();
  const sorted = new Int32Array(lines.length);
  for (const [line, group] of groups.entries()) sorted[next[group]++] = line;
  return { lines: sorted, firsts };
}

/** The lines of some groups, one group after the other. */
function linesOfGroups({ lines, firsts }: LineGroups, groups: Int32Array): Int32Array {
  const size = groups.reduce((sum, group) => sum + firsts[group + 1] - firsts[group], 0);
  const found = new Int32Array(size);
  let at = 0;
  for (const group of groups) {
    found.set(lines.subarray(firsts[group], firsts[group + 1]), at);
    at += firsts[group + 1] - firsts[group];
  }
  return found;
}
