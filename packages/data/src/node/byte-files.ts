import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { count, DataError } from '../errors.js';
import type { ByteFile } from '../text/read-pieces.js';
import { cannot, tryTo, writeWhole } from './system.js';

/** Bytes that are read at a time. */
const CHUNK = 2 ** 18;

/** How long files are read before the event loop has a turn, in milliseconds. */
const TURN_MS = 20;

/**
 * A file on the disk, which is opened each time that it is read.
 *
 * @param path - of a file in a folder, which may not have become a link since it was found: its path in the folder
 */
export function fileOnDisk(file: string, path?: string): ByteFile {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants; // Windows lacks the last two, which then are no bits
  return {
    name: file,
    path,
    async *chunks() {
      const flags = O_RDONLY | O_NONBLOCK | (path === undefined ? 0 : O_NOFOLLOW);
      const descriptor = open(file, flags);
      try {
        if (!fstatSync(descriptor).isFile())
          throw new DataError(`${file}: must be a file; it is none`);
        yield* bytesOf(file, descriptor, 0);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** A file that is open already, such as standard input from a file: read by positions, so that it can be read again. */
export function openFile(name: string, descriptor: number): ByteFile {
  return { name, path: undefined, chunks: () => bytesOf(name, descriptor, 0) };
}

let turnEndMs = 0;

async function* bytesOf(
  name: string,
  descriptor: number,
  start: number,
): AsyncIterable<Uint8Array> {
  const size = Math.max(fstatSync(descriptor).size - start, 0);
  const buffer = new Uint8Array(Math.min(CHUNK, size + 1));
  for (let at = start; ;) {
    const read = tryTo(name, 'read', () => readSync(descriptor, buffer, 0, buffer.length, at));
    if (read === 0) return;
    at += read;
    yield buffer.subarray(0, read);
    if (performance.now() > turnEndMs) {
      await setImmediate();
      turnEndMs = performance.now() + TURN_MS;
    }
  }
}

/** What ends a {@link Spool}. */
interface SpoolBounds {
  /** How many bytes there may be. */
  readonly maxBytes: number;
  /** Ends the work; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bytes that come once, such as those of a pipe, and are kept in a file without a name to be read again. The file is the system's to
 * delete, which it does when the process ends, however it ends.
 */
export class Spool implements ByteFile {
  readonly name: string;
  readonly path = undefined;
  readonly #open: () => AsyncIterable<Uint8Array>;
  readonly #bounds: SpoolBounds;
  #descriptor: number | undefined;
  #file: string | undefined;
  #isWhole = false;

  /** @param open - the bytes, from the first on; called once */
  constructor(name: string, open: () => AsyncIterable<Uint8Array>, bounds: SpoolBounds) {
    this.name = name;
    this.#open = open;
    this.#bounds = bounds;
  }

  async *chunks(): AsyncIterable<Uint8Array> {
    if (this.#descriptor !== undefined) {
      if (!this.#isWhole)
        throw new DataError(`${this.name}: it was not read to its end, and can't be read again`);
      yield* bytesOf(this.name, this.#descriptor, 0);
      return;
    }
    const descriptor = this.#make();
    const { maxBytes, signal } = this.#bounds;
    let size = 0;
    try {
      for await (const bytes of this.#open()) {
        size += bytes.length;
        if (size > maxBytes) {
          throw new DataError(
            `${this.name}: a text may have ${count(maxBytes)} bytes; this has more; take a part of it`,
          );
        }
        tryTo(tmpdir(), 'written', () => writeWhole(descriptor, bytes));
        yield bytes;
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause instanceof DataError ? cause : cannot(this.name, 'read', cause);
    }
    this.#isWhole = true;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    if (this.#file !== undefined) unlinkSync(this.#file);
    this.#descriptor = this.#file = undefined;
  }

  #make(): number {
    const file = join(tmpdir(), `llm101-${randomUUID()}`);
    this.#descriptor = tryTo(file, 'written', () => openSync(file, 'wx+', 0o600));
    try {
      unlinkSync(file);
    } catch {
      this.#file = file; // Windows deletes no open file
    }
    return this.#descriptor;
  }
}

function open(file: string, flags: number): number {
  return tryTo(resolve(file), 'read', () => openSync(file, flags));
}
