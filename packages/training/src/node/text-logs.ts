import { logLine, logRows } from '../loop/log-rows.js';
import type { TrainingListener, Metrics, TrainingEvent } from '../loop/training-event.js';
import { keptLines, LogFile, type ResumedLogOptions } from './log-file.js';

/**
 * A listener that writes each log event as a line of JSON. A line is on its way to the disk before the next step
 * begins, so a run that is cut short keeps what was logged. An existing file is overwritten, unless the run is resumed. A
 * line that doesn't fit on the disk is removed again.
 *
 * @param path - the file, `metrics.jsonl` by convention
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function metricsFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, logRows.metrics);
}

/**
 * A listener that writes the texts of each samples event as a line of JSON: `{"step":1000,"texts":["ana","leo"]}`.
 *
 * @param path - the file, `samples.jsonl` by convention
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function samplesFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, logRows.samples);
}

/**
 * A listener that writes each watch event as a line of JSON: `step`, the joint norms `parameterNorm` and `gradientNorm`,
 * and in `parameters`, by name, the distributions of `values` and `gradient`.
 *
 * @param path - the file, `statistics.jsonl` by convention
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function statisticsFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, logRows.statistics);
}

/** Every figure of a log event, so that a new one is not forgotten. */
const COLUMNS = Object.keys({
  step: true,
  trainLoss: true,
  batchLoss: true,
  valLoss: true,
  stepsPerSecond: true,
  learningRate: true,
  trainEstimate: true,
  valAnswerAccuracy: true,
} satisfies Record<keyof Metrics, true>) as (keyof Metrics)[];

/**
 * A listener that writes each log event as a row of comma-separated values, below a row of names: for spreadsheets,
 * and for `pandas.read_csv`. What wasn't measured at a step is left empty.
 *
 * @param path - the file, `metrics.csv` by convention
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

/**
 * A listener that writes a line of JSON for each event that `select` makes an object of. A line is on its way to the
 * disk before the next step begins, so a run that is cut short keeps what was logged.
 *
 * @param select - what to write of an event; each object has its `step`
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
function jsonLinesFile(
  path: string,
  options: ResumedLogOptions,
  select: (event: TrainingEvent) => { readonly step: number } | undefined,
): TrainingListener {
  const file = new LogFile(path, keptLines(path, options));
  return (event) => {
    const object = select(event);
    if (object !== undefined) file.append(logLine(object));
    if (event.type === 'end') file.close();
  };
}
