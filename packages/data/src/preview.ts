import { checkWhole } from './check-whole.js';
import type { Dataset } from './dataset.js';
import type { Tokenizer } from './tokenizer.js';

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
