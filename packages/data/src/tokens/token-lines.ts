import { checkWhole, DataError } from '../errors.js';
import type { Tokenizer } from './tokenizer.js';

/** Token numbers, in the smallest integers that hold a vocabulary. */
export type TokenArray = Uint8Array | Uint16Array | Int32Array;

/**
 * Lines as tokens in one array. Each line is the padding token and its characters, and one more padding token ends the
 * last line, so that `tokens[p + 1]` is what follows position `p`. Data sets read this array in place and can share it.
 */
export interface TokenLines {
  /** N: lines. */
  readonly length: number;
  /** Positions of all lines together; a line of `k` characters has `k + 1`. */
  readonly positions: number;
  /** Positions of the longest line. */
  readonly longest: number;
  /** The token that begins, ends and fills a line; no other position has it. */
  readonly paddingIndex: number;
  /** `[positions + 1]` */
  readonly tokens: TokenArray;
  /** `[N + 1]` int32: where each line begins in `tokens`, and where the last one ends. */
  readonly starts: Int32Array;
  /** `[N]` int32: the first position of each line that counts, by `answersAfter`. Default: all positions count. */
  readonly answers?: Int32Array | undefined;
}

/**
 * Encodes each line once.
 *
 * @param where - how errors begin
 * @throws TypeError when `lines` is no array
 * @throws DataError when there is no line, or a line holds a character that the tokenizer doesn't know
 * @throws RangeError when the tokenizer encodes a text to padding, or to a number that is no token
 */
export function encodeLines(
  lines: readonly string[],
  tokenizer: Tokenizer,
  where: string = 'encodeLines',
): TokenLines {
  if (!Array.isArray(lines)) {
    throw new TypeError(`${where}: lines must be an array; split a text by splitLines`);
  }
  const { length } = lines;
  if (length === 0) throw new DataError(`${where}: there must be at least one line; got none`);
  const paddingIndex = paddingOf(tokenizer, where);
  checkWhole(`${where}: vocabSize of the tokenizer`, tokenizer.vocabSize, 1);
  const highest = Math.max(tokenizer.vocabSize - 1, paddingIndex);
  const expected = lines.reduce((sum, line) => sum + line.length + 1, 1);
  let tokens = makeTokens(highest, expected);
  const starts = new Int32Array(length + 1);
  let [end, longest] = [0, 0];
  for (const [i, line] of lines.entries()) {
    const encoded = encodeLine(where, [i, line], tokenizer);
    const next = end + encoded.length + 1;
    // Tokens may be more than UTF-16 code units where a tokenizer splits characters.
    if (next >= tokens.length) {
      const larger = makeTokens(highest, 2 * next);
      larger.set(tokens);
      tokens = larger;
    }
    tokens[end] = paddingIndex;
    for (let k = 0; k < encoded.length; k++) {
      const token = encoded[k];
      if (!Number.isInteger(token) || token < 0 || token > highest || token === paddingIndex) {
        throw notToken(where, i, token);
      }
      tokens[end + 1 + k] = token;
    }
    longest = Math.max(longest, next - end);
    starts[i + 1] = next;
    end = next;
  }
  tokens[end] = paddingIndex;
  if (tokens.length > end + 1) tokens = tokens.slice(0, end + 1);
  return { length, positions: end, longest, paddingIndex, tokens, starts };
}

/**
 * Lines that a data set was given, encoded if they aren't yet.
 *
 * @throws RangeError when encoded ones aren't such as they say, or not of this tokenizer
 */
export function asTokenLines(
  lines: readonly string[] | TokenLines,
  tokenizer: Tokenizer,
  where: string,
): TokenLines {
  if (typeof lines !== 'object' || lines === null || !('tokens' in lines)) {
    return encodeLines(lines, tokenizer, where);
  }
  const paddingIndex = paddingOf(tokenizer, where);
  if (lines.paddingIndex !== paddingIndex) {
    throw new RangeError(
      `${where}: lines must be encoded by the tokenizer, whose padding is ${paddingIndex}; ` +
        `got lines with padding ${lines.paddingIndex}; encode them by the same tokenizer`,
    );
  }
  checkTokenLines(where, lines, Math.max(tokenizer.vocabSize - 1, paddingIndex));
  return lines;
}

/** The token that begins and ends lines. @throws RangeError where there is none */
export function paddingOf({ paddingIndex }: Tokenizer, where: string): number {
  if (paddingIndex === undefined) {
    throw new RangeError(
      `${where}: lines need a token that begins and ends them; the tokenizer has no padding; ` +
        'make it with one, or take the text as one stream, in blocks',
    );
  }
  checkWhole(`${where}: paddingIndex of the tokenizer`, paddingIndex, 0);
  return paddingIndex;
}

/**
 * @param highest - the largest token that there can be
 * @throws RangeError unless each line begins with padding that no other position has, at the place that `starts` says
 */
export function checkTokenLines(
  where: string,
  { length, positions, longest, paddingIndex, tokens, starts, answers }: TokenLines,
  highest: number = Infinity,
): void {
  const fail = (what: string, got: unknown): never => {
    throw new RangeError(`${where}: ${what}; got ${String(got)}; make the lines by encodeLines`);
  };
  if (!(length >= 1 && starts.length === length + 1)) {
    fail('starts must have one number more than there are lines', `${starts.length} for ${length}`);
  }
  if (starts[0] !== 0 || starts[length] !== positions || tokens.length !== positions + 1) {
    fail(
      `tokens must be ${positions + 1} from the first start, 0, to one after the last`,
      tokens.length,
    );
  }
  if (tokens[positions] !== paddingIndex) fail('the last token must be padding', tokens[positions]);
  let most = 0;
  for (let line = 0; line < length; line++) {
    const [first, end] = [starts[line], starts[line + 1]];
    if (!(end > first)) fail(`line ${line + 1} must have a position`, end - first);
    if (tokens[first] !== paddingIndex)
      fail(`line ${line + 1} must begin with padding`, tokens[first]);
    for (let at = first + 1; at < end; at++) {
      const token = tokens[at];
      if (!(token >= 0 && token <= highest) || token === paddingIndex || !Number.isInteger(token)) {
        fail(`tokens of line ${line + 1} must be from 0 to ${highest} and not padding`, token);
      }
    }
    most = Math.max(most, end - first);
  }
  if (answers !== undefined && answers.length !== length) {
    fail('answers must have a number for each line', `${answers.length} for ${length}`);
  }
  const isIn = (at: number, line: number): boolean => at >= starts[line] && at < starts[line + 1];
  const outside = answers?.findIndex((at, line) => !isIn(at, line)) ?? -1;
  if (outside !== -1) fail(`the answer of line ${outside + 1} must be in it`, answers?.[outside]);
  if (most !== longest) fail(`longest must be the positions of the longest line, ${most}`, longest);
}

function encodeLine(
  where: string,
  [index, line]: readonly [number, string],
  tokenizer: Tokenizer,
): Int32Array {
  try {
    return tokenizer.encode(line);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${where}: line ${index + 1}: ${cause.message}`, { cause });
  }
}

/** Room for tokens, in the smallest integers that hold the highest. */
export function makeTokens(highest: number, length: number): TokenArray {
  if (highest < 2 ** 8) return new Uint8Array(length);
  return highest < 2 ** 16 ? new Uint16Array(length) : new Int32Array(length);
}

function notToken(where: string, index: number, token: number): RangeError {
  return new RangeError(
    `${where}: line ${index + 1}: the tokenizer must give tokens below its vocabSize that aren't padding; got ${token}`,
  );
}
