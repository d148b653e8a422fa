import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mayBeRunning, ownIdentity } from './process-identity.js';
import { UserError } from '../settings/user-error.js';

/** The file that says that a run writes into a folder, and which. */
export const LOCK_FILE = 'run.lock';

/** A folder that this process alone writes into. */
export interface FolderLock {
  /** False once the folder has been moved, deleted or given to another run. */
  isHeld(): boolean;
  /** Gives the folder free. The end of the process does it too, unless it is killed. */
  release(): void;
}

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  start: z.string().optional(),
  since: z.string(),
});

/** How long a lock without an owner may be one that is just being written. */
const WRITING_MS = 10_000;

/**
 * Takes a folder. A lock whose process has ended, because it was killed, is taken over.
 *
 * @throws UserError when another run has it
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  const content = `${JSON.stringify({ ...ownIdentity(), since: new Date().toISOString(), id: randomUUID() })}\n`;
  while (!create(path, content)) removeStale(path, folder);
  let seen = markOf(path);
  const isHeld = (): boolean => {
    // A run asks several times a checkpoint, and a look at a file takes less of its time than reading it.
    const mark = markOf(path);
    if (mark === undefined) return false;
    if (mark === seen) return true;
    if (read(path) !== content) return false;
    seen = mark;
    return true;
  };
  const release = (): void => {
    process.off('exit', release);
    if (isHeld()) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { isHeld, release };
}

/** @returns whether it is made; false when there is one */
function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    if (read(path) === '') rmSync(path, { force: true }); // no room for what should be in it
    throw error;
  }
}

function removeStale(path: string, folder: string): void {
  const found = read(path);
  if (found === undefined) return; // released just now
  const owner = ownerSchema.safeParse(parse(found));
  if (owner.success ? mayBeRunning(owner.data) : isFresh(path)) {
    const who = owner.success
      ? `process ${owner.data.pid} on ${owner.data.host}, since ${owner.data.since}`
      : 'one that is just starting';
    throw new UserError(
      `the run folder ${folder} is in use by another run (${who}); wait for its end, choose another with --run-dir, ` +
        `or delete ${path} if there is no such run`,
    );
  }
  // Not deleted at once: if two find the same stale lock, the slower one would delete the new lock of the other.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other was faster
  }
  if (read(aside) === found) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What changes when a file is written, or another takes its place. */
function markOf(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch {
    return undefined; // it isn't there, or its folder can't be read
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isFresh(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < WRITING_MS;
}
