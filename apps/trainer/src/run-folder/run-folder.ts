import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { UserError } from '@llm101/runs';
import { StoreInUseError, type TrainingEvent, type TrainingListener } from '@llm101/training';
import {
  type FolderLock,
  isLockFile,
  LOCK_FILE,
  lockFolder,
  type LockFolderOptions,
  writeFileWholeSync,
} from '@llm101/training/node';
import { readObject } from '../terminal/config-file.js';
import { describeFileError } from '../terminal/errors.js';
import { checkEntries, removeLitter } from './entries.js';
import { type RunFolder, runFolder } from './paths.js';

/** A folder that one run alone writes into. */
export interface LockedRunFolder extends RunFolder {
  /** Where an earlier run was moved. */
  readonly movedTo?: string;
  /** Keeps other runs out of the folder; to be released at the end. */
  readonly lock: FolderLock;
  /** Restores what was there before, for a run that learned nothing. */
  discard(): void;
}

/**
 * Makes the folder of a new run, with its config.json, and locks it. An earlier run is moved to `PATH.1`, or the next
 * number that is free, unless it is still running; nothing is ever overwritten. When it fails, everything is as before.
 *
 * @throws UserError when the folder is in use, can't be made or written, or holds something other than a run
 */
export function createRunFolder(written: string, config: object): LockedRunFolder {
  const folder = runFolder(written);
  const { path } = folder;
  const undo: (() => void)[] = [];
  const discard = (): void => {
    for (const step of undo.splice(0).toReversed()) attempt(step);
  };
  try {
    const movedTo = moveEarlierRunAside(folder);
    if (movedTo !== undefined) undo.push(() => renameSync(movedTo, path));
    for (const missing of missingFolders(resolve(path))) {
      if (make(missing)) undo.push(() => rmdirSync(missing));
    }
    const lock = lockFolder(path, WORDS);
    undo.push(() => lock.release());
    checkEmpty(path);
    undo.push(() => clear(path, lock));
    writeFileWholeSync(folder.config, `${JSON.stringify(config, undefined, 2)}\n`);
    return { ...folder, ...(movedTo !== undefined && { movedTo }), lock, discard };
  } catch (cause) {
    discard();
    throw notWritable(path, cause);
  }
}

/**
 * Locks the folder of a run that is to be resumed. Its content stays, even if that fails.
 *
 * @throws UserError when the folder is in use, or can't be written
 */
export function reopenRunFolder(written: string): LockedRunFolder {
  const folder = runFolder(written);
  const { path } = folder;
  try {
    checkEntries(folder);
    const lock = lockFolder(path, WORDS);
    removeLitter(folder);
    return { ...folder, lock, discard: () => lock.release() };
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** How a lock's messages are worded. */
const WORDS: LockFolderOptions = {
  what: 'the run folder',
  remedy: 'choose another with --run-dir',
};

function notWritable(path: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  if (cause instanceof StoreInUseError) return new UserError(cause.message, { cause });
  return new UserError(
    `the run folder ${path} can't be written: ${describeFileError(cause)}; choose another with --run-dir`,
    { cause },
  );
}

/**
 * The folders of a path that don't exist yet, outermost first. They are made one by one: Node 20's recursive `mkdirSync`
 * never returns for /proc, where each attempt gives ENOENT.
 */
function missingFolders(path: string): string[] {
  return existsSync(path) ? [] : [...missingFolders(dirname(path)), path];
}

/** What a run leaves that was killed while it made its folder. */
const isLitter = (name: string): boolean => isLockFile(name) || name === 'config.json.part';

/** @returns where the earlier run is now, if there was one */
function moveEarlierRunAside(folder: RunFolder): string | undefined {
  const { path } = folder;
  if (!existsSync(path)) return undefined;
  accessSync(path, constants.W_OK);
  const entry = firstEntry(path);
  if (entry === undefined) return undefined;
  if (!holdsRun(folder)) {
    throw new UserError(
      `the run folder ${path} must be new, empty or an earlier run; it holds ${entry} and no config.json of a run; ` +
        'choose another with --run-dir',
    );
  }
  if (`${process.cwd()}${sep}`.startsWith(`${resolve(path)}${sep}`)) {
    throw new UserError(
      `the run folder ${path} holds an earlier run, which can't be moved while the command runs inside it; choose another with --run-dir`,
    );
  }
  const lock = lockFolder(path, WORDS); // it may still be running, or another one may be about to move it
  try {
    let n = 1;
    while (lstatSync(`${path}.${n}`, { throwIfNoEntry: false }) !== undefined) n++;
    accessSync(dirname(path), constants.W_OK);
    removeLitter(folder);
    renameSync(path, `${path}.${n}`);
    rmSync(join(`${path}.${n}`, LOCK_FILE));
    return `${path}.${n}`;
  } finally {
    lock.release();
  }
}

/** Other programs have a config.json too; a run's says by which versions it was made. */
function holdsRun({ config }: RunFolder): boolean {
  try {
    const { versions } = readObject(config, '');
    return typeof versions === 'object' && versions !== null && 'llm101' in versions;
  } catch {
    return false;
  }
}

/** @returns whether it was made; false when another run has just made it */
function make(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Between the check and the lock another run may have come and gone. */
function checkEmpty(path: string): void {
  if (firstEntry(path) === undefined) return;
  throw new UserError(
    `the run folder ${path} has just been taken by another run; try again, or choose another with --run-dir`,
  );
}

function firstEntry(path: string): string | undefined {
  return readdirSync(path).find((name) => !isLitter(name));
}

/** Deletes everything in a folder that was empty when it was locked, if this run still holds the lock. */
function clear(path: string, lock: FolderLock): void {
  if (!lock.isHeld()) return;
  for (const name of readdirSync(path)) {
    if (name !== LOCK_FILE) rmSync(join(path, name), { recursive: true, force: true });
  }
}

/** A step that can't be undone, because another run has taken the folder, must not hide the error that led here. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // stays
  }
}

/** @throws UserError when the folder is no longer this run's: another run may have replaced it, with files of the same names */
export function assertLocked({ path, lock }: LockedRunFolder): void {
  if (lock.isHeld()) return;
  throw new UserError(
    `the run folder ${path} has been moved, deleted or unlocked; leave it in place until the run ends`,
  );
}

/** Events that the logs write something for. */
const WRITTEN: ReadonlySet<TrainingEvent['type']> = new Set(['start', 'watch', 'samples', 'log']);

/** A listener that ends the run before anything is written into a folder that is no longer its own. */
export function failIfFolderLost(folder: LockedRunFolder): TrainingListener {
  return ({ type }) => {
    if (WRITTEN.has(type)) assertLocked(folder);
  };
}
