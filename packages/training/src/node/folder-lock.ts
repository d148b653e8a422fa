import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { StoreInUseError } from '../checkpoints/stores.js';
import { describeError } from '../describe-error.js';
import { isRecord } from '../checks.js';
import { describeOwner, isGone, isSeen, parseOwner, thisProcess } from './lock-owner.js';
import { readFileWithin } from './read-file.js';

/** The file that names the process that writes into a folder. */
export const LOCK_FILE = 'run.lock';

/** The lock of a folder that this process alone writes into. */
export interface FolderLock {
  /** False once the folder has been moved, deleted or given to another run. */
  isHeld(): boolean;
  /** Releases the folder; so does the end of the process, unless it is killed. */
  release(): void;
}

/** How messages of {@link lockFolder} are worded. */
export interface LockFolderOptions {
  /** What the folder is called. Default: `the folder`. */
  readonly what?: string;
  /** What to do where it is taken. Default: to take another folder. */
  readonly remedy?: string;
}

/** For how long a lock without an owner counts as one that is still being written. */
const WRITING_MS = 10_000;

/** A lock has some 250 bytes. */
const MOST_BYTES = 4096;

/** A lock that is gone, or is another, each time that one looks was taken by so many others. */
const MOST_TRIES = 100;

/**
 * Locks a folder by a file in it, {@link LOCK_FILE}. The lock of a process that has ended without releasing it is taken
 * over, where that is certain: not that of another machine or container, whose processes can't be seen from here.
 *
 * @throws StoreInUseError when another run holds the lock, or what is in its place is no lock; it says what to do
 * @throws Error when the folder can't be written
 */
export function lockFolder(folder: string, options: LockFolderOptions = {}): FolderLock {
  const path = join(folder, LOCK_FILE);
  const content = `${JSON.stringify({ ...thisProcess(), since: new Date().toISOString(), id: randomUUID() })}\n`;
  for (let tries = 0; !create(path, content); tries++) {
    if (tries === MOST_TRIES) throw inUse(folder, 'others that come and go', options);
    removeStale(folder, options);
  }
  removeLeftovers(folder);
  let seen = markOf(path);
  const isHeld = (): boolean => {
    // A run asks several times per checkpoint, and `stat` is cheaper than reading the file.
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

/**
 * Checks that nobody has locked a folder, without locking it.
 *
 * @throws StoreInUseError as {@link lockFolder}
 */
export function checkUnlocked(folder: string, options: LockFolderOptions = {}): void {
  findStale(folder, options);
}

/** @returns whether it was made; false when it exists */
function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (read(path) === '') rmSync(path, { force: true }); // no room for what should be in it
    throw error;
  }
}

/**
 * The content of a lock that nobody holds any more.
 *
 * @returns nothing where there is no lock
 * @throws StoreInUseError when it is held, or is no lock
 */
function findStale(folder: string, options: LockFolderOptions): string | undefined {
  const path = join(folder, LOCK_FILE);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined; // released just now
  if (!stats.isFile()) throw noLock(folder, `it is ${kindOf(stats)}`, options);
  let found: string;
  try {
    found = new TextDecoder().decode(readFileWithin(path, MOST_BYTES));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw noLock(folder, `it can't be read (${describeError(error)})`, options);
  }
  const owner = parseOwner(parse(found));
  if (owner === undefined && !isBegun(found))
    throw noLock(folder, 'it holds something else', options);
  if (owner === undefined && isFresh(stats)) throw inUse(folder, 'which is just starting', options);
  if (owner !== undefined && !isGone(owner)) {
    throw inUse(folder, describeOwner(owner), { ...options, isSeen: isSeen(owner) });
  }
  return found;
}

function removeStale(folder: string, options: LockFolderOptions): void {
  const found = findStale(folder, options);
  if (found === undefined) return;
  const path = join(folder, LOCK_FILE);
  // Not deleted directly: if two processes find the same stale lock, the slower one would delete the new lock of the other.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return; // the other was faster
    throw error;
  }
  if (read(aside) === found) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

const LEFTOVER = /^run\.lock\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether a file of a folder belongs to its lock, that of a process that was killed included. */
export const isLockFile = (name: string): boolean => name === LOCK_FILE || LEFTOVER.test(name);

/** Deletes stale locks that were set aside by processes that were killed then; one that does so now is left alone. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!LEFTOVER.test(name)) continue;
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && Math.abs(Date.now() - stats.ctimeMs) > WRITING_MS) {
      rmSync(path, { force: true });
    }
  }
}

function read(path: string): string | undefined {
  try {
    return new TextDecoder().decode(readFileWithin(path, MOST_BYTES));
  } catch {
    return undefined;
  }
}

/** A mark that changes when a file is written or replaced. */
function markOf(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch {
    return undefined; // it isn't there, or its folder can't be read
  }
}

function parse(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is the beginning of a lock, or zeros, as after a crash of the machine. */
function isBegun(content: string): boolean {
  const begun = content.replaceAll('\0', '');
  return begun.startsWith('{"pid":') || '{"pid":'.startsWith(begun);
}

/** Clocks of other machines may go before this one's. */
const isFresh = ({ mtimeMs }: Stats): boolean => Math.abs(Date.now() - mtimeMs) < WRITING_MS;

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function inUse(
  folder: string,
  who: string,
  options: LockFolderOptions & { readonly isSeen?: boolean },
): StoreInUseError {
  const { what = 'the folder', remedy = 'take another folder', isSeen: seen = true } = options;
  const without = seen
    ? 'there is no such run'
    : 'there is no such run: where that container or machine was started anew, its runs have ended, but a lock stays';
  return new StoreInUseError(
    `${what} ${folder} is in use by another run (${who}); wait for its end, ${remedy}, ` +
      `or delete ${join(folder, LOCK_FILE)} if ${without}`,
  );
}

function noLock(folder: string, why: string, options: LockFolderOptions): StoreInUseError {
  const { what = 'the folder', remedy = 'take another folder' } = options;
  const path = join(folder, LOCK_FILE);
  return new StoreInUseError(
    `${what} ${folder} can't be locked: ${path} must be a file that a run writes, and ${why}; delete it, or ${remedy}`,
  );
}
