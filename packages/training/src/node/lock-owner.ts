import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process on which machine; a pid alone is reused, and means another process in another container. */
interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The machine's boot, and when the process started, in clock ticks since then; only Linux has it, as what follows. */
  readonly start?: string | undefined;
  /** The name space that the pid is of: a container has one of its own. */
  readonly pidNamespace?: string | undefined;
  /** A number of the machine that outlives its boots; another machine may have the same name. */
  readonly machine?: string | undefined;
}

/** Who holds a lock. */
export interface LockOwner extends ProcessIdentity {
  /** A date and time, for messages. */
  readonly since: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** @returns nothing when it isn't what a lock holds */
export function parseOwner(
  json: Readonly<Record<string, unknown>> | undefined,
): LockOwner | undefined {
  const { pid, host, since, start, pidNamespace, machine } = json ?? {};
  if (!Number.isSafeInteger(pid) || Number(pid) < 1) return undefined;
  if (typeof host !== 'string' || typeof since !== 'string') return undefined;
  return {
    pid: Number(pid),
    host,
    since,
    start: text(start),
    pidNamespace: text(pidNamespace),
    machine: text(machine),
  };
}

/** What a lock says of the process that takes it. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    start: startOf(process.pid),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    machine: attempt(() => readFileSync('/etc/machine-id', 'latin1').trim()),
  };
}

/** For messages: `process 7 on a.example, since …`. */
export function describeOwner(owner: LockOwner): string {
  const { pid, host, since } = owner;
  const where = isSeen(owner) ? '' : ', another machine or container';
  return `process ${pid} on ${host}${where}, since ${since}`;
}

/** The name space of processes that are in no container: Linux gives it this number at each boot. */
const OUTERMOST = 'pid:[4026531836]';

/** Whether a process has ended, for certain: one of another machine or container can't be seen from here. */
export function isGone(owner: LockOwner): boolean {
  if (hasRestarted(owner)) return true;
  if (!isSeen(owner)) return false;
  try {
    process.kill(owner.pid, 0); // asks only whether it could be sent a signal
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return true;
  }
  if (statOf(owner.pid)?.state === 'Z') return true; // a zombie: it has ended
  const now = startOf(owner.pid);
  return owner.start !== undefined && now !== undefined && owner.start !== now;
}

/** Whether the processes that it numbers are those that this one sees. */
export function isSeen({ host, start, pidNamespace }: LockOwner): boolean {
  const own = thisProcess();
  if (host !== own.host) return false;
  if (pidNamespace === undefined || own.pidNamespace === undefined) return true; // not Linux, or 0.1.0
  return pidNamespace === own.pidNamespace && bootOf(start) === bootOf(own.start);
}

/** Whether its machine is this one, and has been started anew since. */
function hasRestarted({ host, start, pidNamespace, machine }: LockOwner): boolean {
  const own = thisProcess();
  return (
    host === own.host &&
    machine !== undefined &&
    machine === own.machine &&
    pidNamespace === OUTERMOST &&
    own.pidNamespace === OUTERMOST &&
    bootOf(start) !== bootOf(own.start)
  );
}

const bootOf = (start: string | undefined): string | undefined => start?.split(' ')[0];

/** When a process started: the machine's boot, and the clock ticks since then. */
function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  return stat === undefined || boot === undefined ? undefined : `${boot} ${stat.ticks}`;
}

/** A process by Linux: proc(5), fields 3 and 22 of `stat`. */
function statOf(pid: number): { state: string; ticks: string } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // a program's name may hold spaces
  return { state: fields[0], ticks: fields[19] };
}

/** Nothing where there is no such file: not on Linux, or a process that has ended. */
function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
