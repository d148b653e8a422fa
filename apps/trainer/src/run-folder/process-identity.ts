import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process on which machine; numbers alone are given out again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it began, in the machine's own terms; only Linux tells. */
  readonly start?: string | undefined;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const start = startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(start !== undefined && { start }) };
}

/** False only where it is certain: one on another machine, or in another container, can't be seen from here. */
export function mayBeRunning({ pid, host, start }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0); // asks only whether it could be sent a signal
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  if (statOf(pid)?.state === 'Z') return false; // it has ended, and its parent hasn't asked how
  const now = startOf(pid);
  return start === undefined || now === undefined || start === now;
}

/** Which start of the machine, and how many clock ticks after it. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const stat = statOf(pid);
    return stat && `${boot} ${stat.ticks}`;
  } catch {
    return undefined;
  }
}

/** What Linux tells of a process: proc(5), fields 3 and 22 of `stat`. */
function statOf(pid: number): { state: string; ticks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // a program's name may hold spaces
    return { state: fields[0], ticks: fields[19] };
  } catch {
    return undefined;
  }
}
