import { unlink } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckpointStore } from '../checkpoints/stores.js';
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
    read: async (name) => new Uint8Array(await readFile(pathOf(name))),
    write: (name, bytes) =>
      writeFileWhole(pathOf(name), bytes).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await mkdir(folder).catch(orElse('EEXIST', undefined));
        await writeFileWhole(pathOf(name), bytes);
      }),
    remove: (name) => remove(pathOf(name)).catch(orElse('ENOENT', undefined)),
  };
}

function orElse<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === code) return value;
    throw error;
  };
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
