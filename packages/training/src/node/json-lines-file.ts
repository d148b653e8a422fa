import { keptLines, LogFile, type ResumedLogOptions } from './log-file.js';
import type { TrainingEvent, TrainingListener } from '../training-event.js';

/**
 * A listener that writes a line of JSON for each event that `select` makes an object of. A line is on its way to the
 * disk before the next step begins, so a run that is cut short keeps what was logged.
 *
 * @param select - what to write of an event; each object has its `step`
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function jsonLinesFile(
  path: string,
  options: ResumedLogOptions,
  select: (event: TrainingEvent) => { readonly step: number } | undefined,
): TrainingListener {
  const file = new LogFile(path, keptLines(path, options, stepOf));
  return (event) => {
    const object = select(event);
    if (object !== undefined) file.append(`${JSON.stringify(object)}\n`);
    if (event.type === 'end') file.close();
  };
}

/** NaN, which no resumed run keeps, for a line that holds no object with a step. */
function stepOf(line: string): number {
  try {
    const object: unknown = JSON.parse(line);
    return typeof object === 'object' && object !== null && 'step' in object
      ? Number(object.step)
      : NaN;
  } catch {
    return NaN;
  }
}
