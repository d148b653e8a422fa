import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@llm101/runs';
import { z } from 'zod';

/** The file that names the process that writes into a folder. */
export const LOCK_FILE = 'run.lock';

/** The lock of a folder that this process alone writes into. */
export interface FolderLock {
  /** False once the folder has been moved, deleted or given to another run. */
  isHeld(): boolean;
  /** Releases the folder; so does the end of the process, unless it is killed. */
  release(): void;
}

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  start: z.string().optional(),
  since: z.string(),
});

/** For how long a lock without an owner counts as one that is still being written. */
const WRITING_MS = 10_000;

/**
 * Locks a folder. The lock of a process that was killed is taken over.
 *
 * @throws UserError when another run holds the lock
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  const content = `${JSON.stringify({ ...ownIdentity(), since: new Date().toISOString(), id: randomUUID() })}\n`;
  while (!create(path, content)) removeStale(path, folder);
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

/** @returns whether it was made; false when it exists */
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
      : 'which is just starting';
    throw new UserError(
      `the run folder ${folder} is in use by another run (${who}); wait for its end, choose another with --run-dir, ` +
        `or delete ${path} if there is no such run`,
    );
  }
  // Not deleted directly: if two processes find the same stale lock, the slower one would delete the new lock of the other.
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

/** A mark that changes when a file is written or replaced. */
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

/** Which process on which machine; a pid alone is reused. */
interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, by the machine's own clock; only Linux has it. */
  readonly start?: string | undefined;
}

function ownIdentity(): ProcessIdentity {
  const start = startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(start !== undefined && { start }) };
}

/** False only where that is certain: a process on another machine, or in another container, can't be seen from here. */
function mayBeRunning({ pid, host, start }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0); // asks only whether it could be sent a signal
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  if (statOf(pid)?.state === 'Z') return false; // a zombie: it has ended
  const now = startOf(pid);
  return start === undefined || now === undefined || start === now;
}

/** When a process started: the machine's boot, and the clock ticks since then. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const stat = statOf(pid);
    return stat && `${boot} ${stat.ticks}`;
  } catch {
    return undefined;
  }
}

/** A process by Linux: proc(5), fields 3 and 22 of `stat`. */
function statOf(pid: number): { state: string; ticks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // a program's name may hold spaces
    return { state: fields[0], ticks: fields[19] };
  } catch {
    return undefined;
  }
}
