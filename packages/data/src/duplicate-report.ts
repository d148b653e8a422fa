import { count } from './count.js';

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

/** Counts lines that occur more than once, within a side and across the split. */
export function duplicateReport(
  train: readonly string[],
  test: readonly string[],
): DuplicateReport {
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

/** The report in two sentences. */
export function describeDuplicates(report: DuplicateReport): string {
  const { lines, distinct, testLines, testLinesInTrain } = report;
  const percent = testLines === 0 ? 0 : (100 * testLinesInTrain) / testLines;
  return (
    `${count(distinct)} of ${count(lines)} lines are distinct. ` +
    `${count(testLinesInTrain)} of ${count(testLines)} test lines (${percent.toFixed(1)} %) also occur in training.`
  );
}
