import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LogFile } from '../log-file.js';
import { startEvent, summaryEvent, versionEvent, type EventTime } from './event.js';
import { tfRecord } from './tf-record.js';

/** A file of events, of one run as TensorBoard sees it: a folder. */
export class EventFile {
  readonly #file: LogFile;

  /** @throws Error when the file can't be written */
  constructor(folder: string, nowMs: number) {
    mkdirSync(folder, { recursive: true });
    const name = `events.out.tfevents.${Math.floor(nowMs / 1000)}.${hostname()}.${process.pid}.${nowMs}`;
    this.#file = new LogFile(join(folder, name), '');
    this.#append(versionEvent(nowMs));
  }

  /** The run begins or resumes at a step: what was read of it and later ones is dropped. */
  start(time: EventTime): void {
    this.#append(startEvent(time));
  }

  /** @param values - of a summary */
  append(time: EventTime, values: Uint8Array[]): void {
    this.#append(summaryEvent(time, values));
  }

  close(): void {
    this.#file.close();
  }

  #append(event: Uint8Array): void {
    this.#file.append(tfRecord(event));
  }
}
