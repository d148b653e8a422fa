import type { TrainingListener } from '../training-event.js';
import { jsonLinesFile } from './json-lines-file.js';
import type { ResumedLogOptions } from './log-file.js';

/**
 * A listener that writes the texts of each samples event as a line of JSON: `{"step":1000,"texts":["ana","leo"]}`.
 *
 * @param path - the file, `samples.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function samplesFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, (event) =>
    event.type === 'samples' ? { step: event.step, texts: event.texts } : undefined,
  );
}
