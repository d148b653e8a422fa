import { describeError } from '@llm101/training';
import { type Files, UserError } from '@llm101/runs';
import { unzipSync, zipSync } from 'fflate';

/** Bytes of all files of an archive at most, and how many files: what comes from outside may claim anything. */
const [MOST_BYTES, MOST_FILES] = [2 ** 30, 10_000];

/** Bytes that deflate makes of one at most: what claims more isn't there, and gets no memory. */
const MOST_RATIO = 1032;

/** Weights hardly shrink, and the rest is small. */
const LEVEL = 1;

/** A folder as a zip. */
export function pack(folder: string, files: Files): Uint8Array<ArrayBuffer> {
  const entries = [...files].map(([path, bytes]) => [`${folder}/${path}`, bytes] as const);
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: LEVEL }));
}

/**
 * The files of a zip.
 *
 * @throws UserError when it is damaged, or too large
 */
export function unpack(name: string, bytes: Uint8Array<ArrayBuffer>): Files {
  let [total, count] = [0, 0];
  const check = (size: number): void => {
    total += size;
    count += 1;
    if (total <= MOST_BYTES && count <= MOST_FILES) return;
    throw new UserError(
      `${name} must have at most ${MOST_FILES.toLocaleString('en-US')} files of 1 GiB together; take the run's own files out of it`,
    );
  };
  try {
    const found = unzipSync(bytes, {
      filter({ size, originalSize, name: path }) {
        if (originalSize > MOST_RATIO * size) throw new Error(`${path} is smaller than it claims`);
        check(originalSize);
        return !path.endsWith('/');
      },
    });
    return new Map(Object.entries(found).map(([path, file]) => [path, new Uint8Array(file)]));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const why = describeError(cause);
    throw new UserError(`${name} must be a whole zip: ${why}; take it from a copy`, { cause });
  }
}
