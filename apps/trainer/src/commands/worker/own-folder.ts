import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE, lockFolder } from '@llm101/training/node';

const PREFIX = 'llm101-worker-';

/** A folder that a worker has for itself. */
export interface OwnFolder {
  readonly path: string;
  /** Deletes it. */
  remove(): void;
}

/** Makes a folder for a worker, and deletes those that workers left which were killed. @param within - `/tmp` */
export function ownFolder(within: string): OwnFolder {
  removeLeft(within);
  const path = mkdtempSync(join(within, PREFIX));
  const lock = lockFolder(path);
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true });
      lock.release();
    },
  };
}

/** Containers may share the folder: one of a worker that can't be seen from here stays. */
function removeLeft(within: string): void {
  for (const name of readdirSync(within)) {
    const path = join(within, name);
    // one without a lock is being made
    if (!name.startsWith(PREFIX) || !existsSync(join(path, LOCK_FILE))) continue;
    try {
      const lock = lockFolder(path);
      rmSync(path, { recursive: true, force: true });
      lock.release();
    } catch {
      // it is in use, or another user's
    }
  }
}
