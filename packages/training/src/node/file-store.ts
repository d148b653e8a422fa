import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, unlink } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stepOfName, type CheckpointStore } from '../checkpoints/stores.js';
import { checkUnlocked, lockFolder } from './folder-lock.js';
import { readFileWithin } from './read-file.js';
import { besideOf, writeFileWhole } from './write-file-whole.js';

// By callbacks, as in writeFileWhole.
const remove = promisify(unlink);

/** What Node reads at once; a model of the most parameters takes less, with all that an optimizer keeps for it. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Keeps checkpoints as files of a folder, which is made with the first of them, or when a run begins; its parent must be
 * there. After a crash of the machine there is a whole file or none.
 *
 * One run has it at a time, by a file `run.lock` that names its process; the `checkpoints` of a folder in which `llm101 train`
 * runs are that run's.
 */
export function fileStore(folder: string): CheckpointStore {
  const pathOf = (name: string): string => join(folder, name);
  return {
    list: () => readdir(folder).catch(orElse('ENOENT', [])),
    read: async (name) => readFileWithin(pathOf(name), MOST_BYTES),
    write: (name, bytes) =>
      writeFileWhole(pathOf(name), bytes).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await mkdir(folder).catch(orElse('EEXIST', undefined));
        await writeFileWhole(pathOf(name), bytes);
      }),
    remove: (name) => remove(pathOf(name)).catch(orElse('ENOENT', undefined)),
    async lock() {
      checkUnlocked(dirname(folder), WORDS);
      if (!existsSync(folder)) mkdirSync(folder);
      const lock = lockFolder(folder, WORDS);
      removeUnfinished(folder);
      return async () => {
        lock.release();
        if (readdirSync(folder).length === 0) rmdirSync(folder);
      };
    },
  };
}

const WORDS = { what: 'the folder', remedy: 'take another store' };

/** Deletes what a process left in a folder of checkpoints that was killed while it wrote one. The folder must be locked. */
export function removeUnfinished(folder: string): void {
  const end = besideOf('');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!name.endsWith(end) || stepOfName(name.slice(0, -end.length)) === undefined) continue;
    rmSync(join(folder, name), { force: true });
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
