import { Buffer } from 'node:buffer';
import { appendFileSync, existsSync, truncateSync, writeFileSync } from 'node:fs';
import type { TrainingListener } from '../training-event.js';

/**
 * A listener that writes each log event as a line of JSON. A line is on its way to the disk before the next step
 * begins, so a run that is cut short keeps what was logged. An existing file is written anew. A line that doesn't fit on the disk
 * is taken back.
 *
 * @param path - the file, `metrics.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the run when the disk is full
 */
export function metricsFile(path: string): TrainingListener {
  writeFileSync(path, '');
  let length = 0;
  return (event) => {
    if (event.type !== 'log') return;
    const line = `${JSON.stringify(event.metrics)}\n`;
    try {
      appendFileSync(path, line);
      length += Buffer.byteLength(line);
    } catch (error) {
      if (existsSync(path)) truncateSync(path, length);
      throw error;
    }
  };
}
