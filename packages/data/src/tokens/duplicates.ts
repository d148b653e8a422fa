import { count } from '../errors.js';
import { LineIndex } from './line-index.js';
import type { TokenLines } from './token-lines.js';

/** How often lines are repeated, and how many held-out lines a model has already seen in training. */
export interface DuplicateReport {
  /** Lines on both sides. */
  readonly lines: number;
  /** Different lines among them. */
  readonly distinct: number;
  /** How many lines are held out. */
  readonly testLines: number;
  /** Test lines that are also in training, each copy counted. */
  readonly testLinesInTrain: number;
}

/** Counts lines that occur more than once, within a side and across the split. Both are strings, or tokens of one tokenizer. */
export function duplicateReport(
  train: readonly string[] | TokenLines,
  test: readonly string[] | TokenLines,
): DuplicateReport {
  if ('tokens' in train && 'tokens' in test) return duplicateTokens(train, test);
  if ('tokens' in train || 'tokens' in test) {
    throw new TypeError(
      'duplicateReport: both sides must be strings, or both tokens; got one of each',
    );
  }
  const seen = new Set(train);
  const testLinesInTrain = test.filter((line) => seen.has(line)).length;
  for (const line of test) seen.add(line);
  return {
    lines: train.length + test.length,
    distinct: seen.size,
    testLines: test.length,
    testLinesInTrain,
  };
}

function duplicateTokens(train: TokenLines, test: TokenLines): DuplicateReport {
  const index = new LineIndex([train, test]);
  for (let line = 0; line < train.length; line++) index.add(0, line);
  let testLinesInTrain = 0;
  for (let line = 0; line < test.length; line++) {
    if (index.add(1, line) < train.length) testLinesInTrain++;
  }
  const lines = train.length + test.length;
  return { lines, distinct: index.distinct, testLines: test.length, testLinesInTrain };
}

/** The report in two sentences. */
export function describeDuplicates(report: DuplicateReport): string {
  const { lines, distinct, testLines, testLinesInTrain } = report;
  const percent = testLines === 0 ? 0 : (100 * testLinesInTrain) / testLines;
  return (
    `${count(distinct)} of ${count(lines)} lines are distinct. ` +
    `${count(testLinesInTrain)} of ${count(testLines)} test lines (${percent.toFixed(1)} %) also occur in training.`
  );
}
