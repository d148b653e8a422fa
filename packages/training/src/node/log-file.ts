import { appendFileSync, closeSync, ftruncateSync, openSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { linesUntil } from '../loop/log-rows.js';
import { readFileWithin } from './read-file.js';
import { writeFileWholeSync } from './write-file-whole.js';

/** What the log of a resumed run keeps: the lines up to a step. */
export interface ResumedLogOptions {
  /** The step after which the run resumes: lines of later steps are dropped. Default: the file is overwritten. */
  readonly resumedAt?: number;
}

/**
 * A file that grows by whole records. A record is on its way to the disk when `append` returns; one that doesn't fit is
 * removed again, so that what follows it can still be read. The file stays open between records, as opening it takes ten
 * times as long as writing a line.
 */
export class LogFile {
  readonly #path: string;
  #length: number;
  #file: number | undefined;

  /** @throws Error when the file can't be written */
  constructor(path: string, content: string) {
    // What is kept of a run that resumes is there at each moment, whenever it is killed.
    writeFileWholeSync(path, content);
    this.#path = path;
    this.#length = Buffer.byteLength(content);
  }

  /** @throws Error when the record can't be written whole */
  append(record: string | Uint8Array): void {
    this.#file ??= openSync(this.#path, 'a');
    try {
      appendFileSync(this.#file, record);
      this.#length += Buffer.byteLength(record);
    } catch (error) {
      this.#truncate(this.#file);
      throw error;
    }
  }

  /** Closes the file; another record opens it again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #truncate(file: number): void {
    try {
      ftruncateSync(file, this.#length);
    } catch {
      // what can't be made shorter, such as a pipe, keeps the half record
    }
  }
}

/**
 * The whole lines of a file up to `resumedAt`, by `stepOf` or the `step` of an object of JSON; none unless the run is resumed, or where there
 * is no file.
 */
export function keptLines(
  path: string,
  { resumedAt }: ResumedLogOptions,
  stepOf?: (line: string) => number,
): string {
  return resumedAt === undefined ? '' : linesUntil(readIfThere(path), resumedAt, stepOf);
}

/** A million lines of metrics have half of it. */
const MOST_LOG_BYTES = 400_000_000;

function readIfThere(path: string): string {
  try {
    return new TextDecoder().decode(readFileWithin(path, MOST_LOG_BYTES));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
