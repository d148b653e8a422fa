import type { TrainingListener } from '../training-event.js';
import { jsonLinesFile } from './json-lines-file.js';
import type { ResumedLogOptions } from './log-file.js';

/**
 * A listener that writes each log event as a line of JSON. A line is on its way to the disk before the next step
 * begins, so a run that is cut short keeps what was logged. An existing file is written anew, but for a resumed run. A line
 * that doesn't fit on the disk is taken back.
 *
 * @param path - the file, `metrics.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function metricsFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, (event) =>
    event.type === 'log' ? event.metrics : undefined,
  );
}
