import { unlink } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckpointStore } from '../checkpoints/stores.js';
import { CheckpointError } from '../state/checkpoint.js';
import { FileLimitError, readFileWithin } from './read-file.js';
import { writeFileWhole } from './write-file-whole.js';

// By callbacks, as in writeFileWhole.
const remove = promisify(unlink);

/**
 * Keeps checkpoints as files of a folder, which is made with the first of them; its parent must be there. After a crash of
 * the machine there is a whole file or none.
 */
export function fileStore(folder: string): CheckpointStore {
  const pathOf = (name: string): string => join(folder, name);
  return {
    list: () => readdir(folder).catch(orElse('ENOENT', [])),
    read: async (name) => readCheckpoint(pathOf(name)),
    write: (name, bytes) =>
      writeFileWhole(pathOf(name), bytes).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await mkdir(folder).catch(orElse('EEXIST', undefined));
        await writeFileWhole(pathOf(name), bytes);
      }),
    remove: (name) => remove(pathOf(name)).catch(orElse('ENOENT', undefined)),
  };
}

/** What Node reads at once; a model of the most parameters takes less, with all that an optimizer keeps for it. */
const MOST_BYTES = 2 ** 31 - 1;

/** @throws CheckpointError where it isn't a file, or too large to be a checkpoint, so that the one before it is tried */
function readCheckpoint(path: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileWithin(path, MOST_BYTES);
  } catch (cause) {
    if (!(cause instanceof FileLimitError)) throw cause;
    throw new CheckpointError(cause.message, { cause });
  }
}

function orElse<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === code) return value;
    throw error;
  };
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
