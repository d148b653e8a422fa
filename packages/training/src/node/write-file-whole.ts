import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

// Waiting for each call costs a turn of the event loop, which a run that trains grants every few milliseconds. So only
// what takes long is waited for, and by callbacks: the handles of fs/promises take three times as much of that thread.
const write = promisify(fs.write);
const flushToDisk = promisify(fs.fsync);

/** Bytes of a call: none takes 2^31. */
const MOST_AT_ONCE = 2 ** 30;

/**
 * Writes all of a file or nothing, while other work continues: beside its target, flushed to the disk, then renamed, and
 * its folder flushed. After a crash of the machine there is the whole file, or what stood there before.
 *
 * A link stays one, and what it leads to is written; to a device or a pipe the content goes as it is.
 *
 * @throws Error when it can't be written; nothing is left beside the target then
 */
export async function writeFileWhole(path: string, content: Uint8Array): Promise<void> {
  const target = targetOf(path);
  if (target === undefined) return fs.writeFileSync(path, content);
  const beside = besideOf(target);
  try {
    const file = openNew(beside);
    try {
      for (let done = 0; done < content.length;) {
        const length = Math.min(content.length - done, MOST_AT_ONCE);
        done += (await write(file, content, done, length)).bytesWritten;
      }
      await flushToDisk(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(beside, target);
    const folder = openFolderOf(target);
    if (folder === undefined) return;
    try {
      await flushToDisk(folder);
    } finally {
      fs.closeSync(folder);
    }
  } catch (error) {
    fs.rmSync(beside, { force: true }); // the room may be wanted
    throw error;
  }
}

/** Settings of {@link writeFileWholeSync}. */
export interface WriteFileWholeOptions {
  /** Whether the file survives a crash of the machine, and not of the process alone. Default: true. */
  readonly flush?: boolean;
}

/** As {@link writeFileWhole}, at once. */
export function writeFileWholeSync(
  path: string,
  content: string | Uint8Array,
  { flush = true }: WriteFileWholeOptions = {},
): void {
  const target = targetOf(path);
  if (target === undefined) return fs.writeFileSync(path, content);
  const beside = besideOf(target);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const file = openNew(beside);
    try {
      for (let done = 0; done < bytes.length;) {
        done += fs.writeSync(file, bytes, done, Math.min(bytes.length - done, MOST_AT_ONCE));
      }
      if (flush) fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(beside, target);
    const folder = flush ? openFolderOf(target) : undefined;
    if (folder === undefined) return;
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}

/** What a path leads to; `undefined` for a device or a pipe. */
function targetOf(path: string): string | undefined {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return path;
  return found.isFile() || found.isDirectory() ? fs.realpathSync(path) : undefined;
}

/** Opens a file for writing in place of what was left there, which may be cut short, a link that leads elsewhere, or a pipe. */
function openNew(path: string): number {
  fs.rmSync(path, { force: true });
  return fs.openSync(path, 'wx');
}

/** Where the content of a file is until all of it is on the disk; one that was cut short stays there. */
export const besideOf = (target: string): string => `${target}.part`;

/** A rename is on the disk once its folder is; Windows can't open a folder, and doesn't need to. */
const openFolderOf = (path: string): number | undefined =>
  process.platform === 'win32' ? undefined : fs.openSync(dirname(path), 'r');
