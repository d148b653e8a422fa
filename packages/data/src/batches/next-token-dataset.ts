import { checkWhole, count } from '../errors.js';
import { checkLines, encodeLine } from '../tokens/encode-line.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { Dataset } from './dataset.js';

/**
 * Every place of every line as an example: the `T` tokens before it and the token there. A line of `k`
 * characters makes `k + 1` rows, as its end is predicted too; contexts are filled with padding on the left and
 * don't reach into the line before.
 *
 * With `T = 3`, `ab` makes `... --> a`, `..a --> b`, `.ab --> .`.
 */
export class NextTokenDataset implements Dataset {
  /** N: how many windows. */
  readonly length: number;
  /** T: tokens of a window. */
  readonly contextSize: number;
  /** `[N, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[N]` int32. */
  readonly targets: Int32Array;

  /**
   * @param contextSize - `T`, how many tokens are seen
   * @throws RangeError when `contextSize` isn't a whole number from 1 on, or the rows don't fit into memory
   * @throws DataError when there is no line, or a line holds a character that the tokenizer doesn't know
   */
  constructor(lines: readonly string[], tokenizer: Tokenizer, contextSize: number) {
    checkWhole('NextTokenDataset: contextSize', contextSize, 1);
    checkLines('NextTokenDataset', lines);
    this.contextSize = contextSize;
    // Lines are encoded twice, to count and to fill: cheaper than keeping an array for each of them.
    this.length = countRows(lines, tokenizer);
    this.inputs = allocate(this.length, contextSize).fill(tokenizer.paddingIndex);
    this.targets = new Int32Array(this.length).fill(tokenizer.paddingIndex);
    let row = 0;
    for (const line of lines) row += this.#fill(row, tokenizer.encode(line));
  }

  /** Writes a line's rows from `row` on over the padding. @returns how many */
  #fill(row: number, tokens: Int32Array): number {
    const { contextSize, inputs, targets } = this;
    targets.set(tokens, row);
    for (let end = 1; end <= tokens.length; end++) {
      const seen = tokens.subarray(Math.max(0, end - contextSize), end);
      inputs.set(seen, (row + end + 1) * contextSize - seen.length);
    }
    return tokens.length + 1;
  }
}

function allocate(rows: number, contextSize: number): Int32Array {
  try {
    return new Int32Array(rows * contextSize);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const gigabytes = ((rows * contextSize * 4) / 1e9).toFixed(1);
    throw new RangeError(
      `NextTokenDataset: the rows must fit into memory; ${count(rows)} of ${count(contextSize)} tokens take ` +
        `${gigabytes} GB; choose a smaller contextSize`,
      { cause },
    );
  }
}

function countRows(lines: readonly string[], tokenizer: Tokenizer): number {
  let rows = 0;
  for (const line of lines.entries()) {
    rows += encodeLine('NextTokenDataset', line, tokenizer).length + 1;
  }
  return rows;
}
