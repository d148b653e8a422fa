import { checkWhole } from '../errors.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import type { Dataset } from './dataset.js';
import { rowReader } from './read-rows.js';

/**
 * The first rows of a data set as text, `.......k --> e`; fewer than `count` where it has no more.
 *
 * @throws RangeError when `count` isn't a whole number from 0 on, or the data set's rows aren't such as it says
 */
export function preview(dataset: Dataset, tokenizer: Tokenizer, count: number): string[] {
  checkWhole('preview: count', count, 0);
  const rows = rowReader('preview', dataset);
  const inputs = new Int32Array(rows.contextSize);
  const targets = new Int32Array(rows.targetsPerRow);
  return Array.from({ length: Math.min(count, rows.length) }, (_, row) => {
    rows.copyRow(row, inputs, 0);
    rows.copyTargets(row, targets, 0);
    return `${tokenizer.decode(inputs)} --> ${tokenizer.decode(targets)}`;
  });
}
