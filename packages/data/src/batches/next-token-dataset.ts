import { checkWhole } from '../errors.js';
import { countedPositions } from '../tokens/answers.js';
import { asTokenLines, type TokenLines } from '../tokens/token-lines.js';
import type { TokenBuffer } from '../tokens/token-source.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { Dataset } from './dataset.js';
import { hashLines } from './identity.js';

/** Up to this many tokens, a loop fills an array faster than a call of `fill`. */
const SHORT = 32;

/**
 * Every position of every line as an example: the `T` tokens before it and the token there. A line of `k`
 * characters makes `k + 1` rows, as its end is predicted too; contexts are filled with padding on the left and
 * don't reach into the line before.
 *
 * With `T = 3`, `ab` makes `... --> a`, `..a --> b`, `.ab --> .`. The memory is that of the lines, whatever T is. Lines that have answers
 * make rows of these alone.
 */
export class NextTokenDataset implements Dataset {
  readonly length: number;
  readonly contextSize: number;
  readonly targetsPerRow = 1;
  /** The tokens that the windows are read from. */
  readonly lines: TokenLines;
  /** The line of a row, where lines have answers. */
  readonly answerOf?: (row: number) => number;
  /** `[length]` int32: the position of each row, where not every position is one. */
  readonly #positions: Int32Array | undefined;

  /**
   * @param lines - strings, or what `encodeLines` made of them by the same tokenizer, which data sets can share
   * @param contextSize - `T`, how many tokens are seen
   * @throws RangeError when `contextSize` isn't a whole number from 1 on
   * @throws DataError when there is no line, or a line holds a character that the tokenizer doesn't know
   */
  constructor(lines: readonly string[] | TokenLines, tokenizer: Tokenizer, contextSize: number) {
    checkWhole('NextTokenDataset: contextSize', contextSize, 1);
    this.lines = asTokenLines(lines, tokenizer, 'NextTokenDataset');
    this.length = countedPositions(this.lines);
    this.contextSize = contextSize;
    const counted = positionsOfAnswers(this.lines);
    if (counted === undefined) return;
    this.#positions = counted.positions;
    this.answerOf = (row) => counted.answers[row];
  }

  /** Goes back from the row's last token to the padding that begins its line, or until the row is full. */
  copyRow(row: number, into: TokenBuffer, at: number): void {
    const { tokens, paddingIndex } = this.lines;
    let free = at + this.contextSize;
    for (let from = this.#positionOf(row); free > at; from--) {
      const token = tokens[from];
      into[--free] = token;
      if (token === paddingIndex) break;
    }
    if (free - at > SHORT) into.fill(paddingIndex, at, free);
    else while (free > at) into[--free] = paddingIndex;
  }

  copyTargets(row: number, into: TokenBuffer, at: number): void {
    into[at] = this.lines.tokens[this.#positionOf(row) + 1];
  }

  /** A hash of the tokens. */
  hash(): string {
    return hashLines(this.lines);
  }

  #positionOf(row: number): number {
    return this.#positions === undefined ? row : this.#positions[row];
  }
}

/** The positions that count, and the line of each. */
function positionsOfAnswers(
  lines: TokenLines,
): { readonly positions: Int32Array; readonly answers: Int32Array } | undefined {
  if (lines.answers === undefined) return undefined;
  const size = countedPositions(lines);
  const [positions, answers] = [new Int32Array(size), new Int32Array(size)];
  let row = 0;
  for (const [line, first] of lines.answers.entries()) {
    for (let at = first; at < lines.starts[line + 1]; at++, row++) {
      positions[row] = at;
      answers[row] = line;
    }
  }
  return { positions, answers };
}
