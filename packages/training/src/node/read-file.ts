import { Buffer } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** A file isn't read: it is larger than its kind may be, or no file at all. The message is a clause about it. */
export class FileLimitError extends Error {
  override readonly name = 'FileLimitError';
}

/** What {@link readFileWithin} accepts. */
export interface ReadFileOptions {
  /** Whether a pipe is read too, and waited for; for what a user names, as in `--config <(…)`. Default: false. */
  readonly pipes?: boolean;
}

/** Bytes that are asked for at once where a length isn't known. */
const CHUNK_BYTES = 1 << 16;

/**
 * Reads a file that may be anything: another one of any length, a pipe that never ends, a device.
 *
 * @param most - how many bytes it may have
 * @throws FileLimitError when it has more, or is no file
 * @throws Error when it can't be read
 */
export function readFileWithin(
  path: string,
  most: number,
  { pipes = false }: ReadFileOptions = {},
): Uint8Array<ArrayBuffer> {
  // without O_NONBLOCK, opening a pipe that nobody writes into would wait for ever; Windows has no such flag
  const flags = constants.O_RDONLY | (pipes ? 0 : (constants.O_NONBLOCK ?? 0));
  const file = openSync(path, flags);
  try {
    const stats = fstatSync(file);
    const kind = kindOf(stats);
    if (kind !== undefined && !(pipes && stats.isFIFO())) {
      throw new FileLimitError(`it is ${kind}, and must be a file`);
    }
    return read(file, { expected: stats.isFile() ? stats.size : 0, most });
  } finally {
    closeSync(file);
  }
}

/** What stands where a file should; a folder is left to the system's own error. */
function kindOf(stats: Stats): string | undefined {
  if (stats.isFIFO() || stats.isSocket()) return 'a pipe';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : undefined;
}

/** @param expected - what the file says of itself: of a pipe 0, and more may come while it is read */
function read(
  file: number,
  { expected, most }: { readonly expected: number; readonly most: number },
): Uint8Array<ArrayBuffer> {
  if (expected > most) throw tooLong(expected, most);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const left = Math.max(expected - total, CHUNK_BYTES);
    const part = new Uint8Array(Math.min(left, most + 1 - total));
    const count = readSync(file, part);
    if (count === 0) return joined(parts, total);
    total += count;
    if (total > most) throw tooLong(total, most);
    parts.push(part.subarray(0, count));
  }
}

/** One part is the rule, and isn't copied. */
function joined(parts: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const [first] = parts;
  if (parts.length === 1 && first.buffer instanceof ArrayBuffer) {
    return new Uint8Array(first.buffer, 0, total);
  }
  return new Uint8Array(Buffer.concat(parts, total));
}

function tooLong(bytes: number, most: number): FileLimitError {
  const [has, may] = [bytes, most].map((n) => n.toLocaleString('en-US'));
  return new FileLimitError(`it has ${has} bytes or more, and may have ${may}`);
}
