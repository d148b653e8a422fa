import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file wholly or not at all: beside its target, flushed to the disk, then renamed. What stood there before
 * stays until then. A link stays one, and what it leads to is written; to a device or a pipe the content goes as it is.
 */
export function writeFileWhole(path: string, content: string | Uint8Array): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile() && !there.isDirectory()) {
    return writeFileSync(path, content);
  }
  const target = there === undefined ? path : realpathSync(path);
  const beside = `${target}.part`;
  try {
    const file = openSync(beside, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, target);
    flushFolder(dirname(target));
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** A rename is on the disk once its folder is; Windows can't open a folder, and doesn't need to. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
