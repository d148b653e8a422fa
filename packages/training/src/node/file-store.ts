import * as fs from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckpointStore } from '../checkpoints/stores.js';

const BESIDE = '.part';

// Waiting for each call costs a turn of the event loop, which a run that trains grants every few milliseconds. So only
// what takes long is waited for, and by callbacks: the handles of fs/promises take three times as much of that thread.
const write = promisify(fs.write);
const flush = promisify(fs.fsync);
const unlink = promisify(fs.unlink);

/**
 * Keeps checkpoints as files of a folder, which is made with the first of them; its parent must be there. A file is
 * written beside its target, flushed to the disk and renamed, then the folder is flushed: after a crash of the machine
 * there is the whole file or none.
 */
export function fileStore(folder: string): CheckpointStore {
  const pathOf = (name: string): string => join(folder, name);
  return {
    list: () => readdir(folder).catch(orElse('ENOENT', [])),
    read: async (name) => new Uint8Array(await readFile(pathOf(name))),
    async write(name, bytes) {
      const path = pathOf(name);
      await writeFlushed(path + BESIDE, bytes).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await mkdir(folder).catch(orElse('EEXIST', undefined));
        await writeFlushed(path + BESIDE, bytes);
      });
      fs.renameSync(path + BESIDE, path);
      await flushFolder(folder);
    },
    remove: (name) => unlink(pathOf(name)).catch(orElse('ENOENT', undefined)),
  };
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = fs.openSync(path, 'w');
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await write(file, bytes, done);
      done += bytesWritten;
    }
    await flush(file);
  } catch (error) {
    await rm(path, { force: true }); // the room may be wanted
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

/** A rename is on the disk once its folder is; Windows can't open a folder, and doesn't need to. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = fs.openSync(path, 'r');
  try {
    await flush(folder);
  } finally {
    fs.closeSync(folder);
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
