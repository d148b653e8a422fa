import { Buffer } from 'node:buffer';
import * as fs from 'node:fs';

/** How much is read at once where a file doesn't say how long it is. */
const CHUNK_BYTES = 1 << 16;

/**
 * The text of a file that may be anything: another one of any length, a pipe that never ends, a device.
 *
 * @param most - how many bytes it may have
 * @throws Error when it has more, is no file, or can't be read
 */
export function readTextWithin(path: string, most: number): string {
  return new TextDecoder().decode(readWithin(path, most));
}

function readWithin(path: string, most: number): Uint8Array {
  // without O_NONBLOCK, opening a pipe that nobody writes into would wait for ever; Windows has no such flag
  const file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stats = fs.fstatSync(file);
    // a folder is left to the system's own error
    if (!stats.isFile() && !stats.isDirectory()) throw new Error(`${path} must be a file`);
    if (stats.size > most) throw tooLong(path, most);
    const parts: Uint8Array[] = [];
    let total = 0;
    let room = stats.size || CHUNK_BYTES; // a file of /proc says that it is empty
    for (;;) {
      const part = new Uint8Array(Math.min(room, most + 1 - total));
      const count = fs.readSync(file, part);
      if (count === 0) return Buffer.concat(parts, total);
      total += count;
      if (total > most) throw tooLong(path, most);
      parts.push(part.subarray(0, count));
      room = CHUNK_BYTES;
    }
  } finally {
    fs.closeSync(file);
  }
}

function tooLong(path: string, most: number): Error {
  return new Error(`${path} has more bytes than it may have, ${most.toLocaleString('en-US')}`);
}

/** Whether there is a folder: not a link, which could lead out of the run's own. */
export const isOwnFolder = (path: string): boolean =>
  fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** A reader sees the old content or the new, never half of one. It isn't flushed: a run that trains can't wait for the disk. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const beside = `${path}.part`;
  try {
    fs.rmSync(beside, { force: true }); // one that was cut short, or a link that leads elsewhere
    fs.writeFileSync(beside, content, { flag: 'wx' });
    fs.renameSync(beside, path);
  } catch (error) {
    fs.rmSync(beside, { force: true }); // the room may be wanted
    throw error;
  }
}

/**
 * A file that grows by whole records. A record is on its way to the disk when `append` returns; one that doesn't fit is
 * removed again, so that what follows it can still be read.
 */
export class GrowingFile {
  readonly #path: string;
  #length: number;
  #file: number | undefined;

  /**
   * @param content - what it begins with
   * @throws Error when the file can't be written
   */
  constructor(path: string, content: string | Uint8Array) {
    replaceFile(path, content);
    this.#path = path;
    this.#length = Buffer.byteLength(content);
  }

  /** Bytes, with what was appended. */
  get length(): number {
    return this.#length;
  }

  /** @throws Error when the record can't be written whole */
  append(record: string | Uint8Array): void {
    this.#file ??= fs.openSync(this.#path, 'a');
    try {
      fs.appendFileSync(this.#file, record);
      this.#length += Buffer.byteLength(record);
    } catch (error) {
      this.#truncate(this.#file);
      throw error;
    }
  }

  /** Closes the file; another record opens it again. */
  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
  }

  #truncate(file: number): void {
    try {
      fs.ftruncateSync(file, this.#length);
    } catch {
      // what can't be made shorter, such as a pipe, keeps the half record
    }
  }
}

/**
 * The whole lines of a file up to a step; none where there is no file.
 *
 * @param stepOf - of a line; NaN drops it
 */
export function linesUntil(path: string, step: number, stepOf: (line: string) => number): string {
  if (!fs.existsSync(path)) return '';
  const lines = readTextWithin(path, MOST_LOG_BYTES).split('\n').slice(0, -1); // after the last line break: nothing, or half a line
  return lines
    .filter((line) => stepOf(line) <= step)
    .map((line) => `${line}\n`)
    .join('');
}

/** How many bytes a log may have that is read whole. */
export const MOST_LOG_BYTES = 400_000_000;
