import { appendFileSync, writeFileSync } from 'node:fs';
import type { TrainingListener } from '../training-event.js';

/**
 * A listener that writes each log event as a line of JSON. A line is on its way to the disk before the next step
 * begins, so a run that is cut short keeps what was logged. An existing file is written anew.
 *
 * @param path - the file, `metrics.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the run when the disk is full
 */
export function metricsFile(path: string): TrainingListener {
  writeFileSync(path, '');
  return (event) => {
    if (event.type === 'log') appendFileSync(path, `${JSON.stringify(event.metrics)}\n`);
  };
}
