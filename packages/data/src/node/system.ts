import { writeSync } from 'node:fs';
import { DataError } from '../errors.js';

/**
 * Does something with a file.
 *
 * @throws DataError in place of an error of the system
 */
export function tryTo<T>(what: string, done: 'read' | 'written', action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw cannot(what, done, cause);
  }
}

/** What can't be done with a file, and why. */
export function cannot(what: string, done: 'read' | 'written', cause: unknown): DataError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const remedy = done === 'read' ? 'its permissions' : 'its permissions and the space on the disk';
  return new DataError(`${what} can't be ${done} (${why}); check ${remedy}`, { cause });
}

/**
 * Writes all of some bytes, at a position or where the file is.
 *
 * @throws Error of the system
 */
export function writeWhole(descriptor: number, bytes: Uint8Array, position?: number): void {
  for (let at = 0; at < bytes.length;) {
    const from = position === undefined ? null : position + at;
    at += writeSync(descriptor, bytes, at, bytes.length - at, from);
  }
}
