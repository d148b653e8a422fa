import { checkWhole } from '../errors.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

/** Rows of context and target, `N = length` of them with `T = contextSize` tokens each. */
export interface Dataset {
  /** N: how many rows. */
  readonly length: number;
  /** T: tokens of a context. */
  readonly contextSize: number;
  /** `[N, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[N]` int32: the token that follows each row. */
  readonly targets: Int32Array;
}

/**
 * The first rows of a data set as text, `.......k --> e`; fewer than `count` where it has no more.
 *
 * @throws RangeError when `count` isn't a whole number from 0 on
 */
export function preview(
  { inputs, targets, length, contextSize }: Dataset,
  tokenizer: Tokenizer,
  count: number,
): string[] {
  checkWhole('preview: count', count, 0);
  return Array.from({ length: Math.min(count, length) }, (_, row) => {
    const context = inputs.subarray(row * contextSize, (row + 1) * contextSize);
    return `${tokenizer.decode(context)} --> ${tokenizer.decode([targets[row]])}`;
  });
}
