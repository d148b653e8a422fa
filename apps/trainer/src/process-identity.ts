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
  const now = startOf(pid);
  return start === undefined || now === undefined || start === now;
}

/** Which start of the machine, and how many clock ticks after it: proc(5), field 22 of `stat`. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]; // a program's name may hold spaces
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}
