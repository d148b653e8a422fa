import type { Metrics, TrainingListener } from '../training-event.js';
import { keptLines, LogFile, type ResumedLogOptions } from './log-file.js';

/** Every figure of a log event, so that a new one is not forgotten. */
const COLUMNS = Object.keys({
  step: true,
  trainLoss: true,
  batchLoss: true,
  valLoss: true,
  stepsPerSecond: true,
  learningRate: true,
} satisfies Record<keyof Metrics, true>) as (keyof Metrics)[];

/**
 * A listener that writes each log event as a row of comma-separated values, below a row of names: for spreadsheets,
 * and for `pandas.read_csv`. What wasn't measured at a step is left empty.
 *
 * @param path - the file, `metrics.csv` by custom
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function csvFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  const kept = keptLines(path, options, (line) => Number(line.split(',')[0])); // NaN for the names
  const file = new LogFile(path, `${COLUMNS.join(',')}\n${kept}`);
  return (event) => {
    if (event.type === 'end') file.close();
    if (event.type !== 'log') return;
    const { metrics } = event;
    file.append(`${COLUMNS.map((column) => metrics[column] ?? '').join(',')}\n`);
  };
}
