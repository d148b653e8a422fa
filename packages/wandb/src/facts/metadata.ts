import { statfsSync } from 'node:fs';
import { cpus, hostname, release, totalmem, type } from 'node:os';
import type { GitFacts, RunConfig } from '../spool/run-record.js';
import { readTextWithin } from '../spool/files.js';

/** What is told of a run beside the machine. */
export interface ProgramFacts {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly program: string;
  /** Without secrets. */
  readonly args: readonly string[];
  readonly git: GitFacts | undefined;
  /** Tells apart those that write to one run. */
  readonly writerId: string;
}

/** The contents of wandb-metadata.json: the machine and the program, under W&B's names. */
export function metadataOf({ startedAt, program, args, git, writerId }: ProgramFacts): RunConfig {
  const logical = Math.max(cpus().length, 1);
  const disk = diskOf('/');
  return {
    os: `${type()}-${release()}-${process.arch}`,
    node: process.versions.node,
    startedAt,
    args,
    program,
    ...(git && { git }),
    root: process.cwd(),
    host: hostname(),
    executable: process.execPath,
    cpu_count: physicalCores() ?? logical,
    cpu_count_logical: logical,
    ...(disk && { disk: { '/': { total: String(disk.total), used: String(disk.used) } } }),
    memory: { total: String(totalmem()) },
    writerId,
  };
}

/** Bytes of a file system. */
export interface Disk {
  readonly total: number;
  readonly used: number;
  /** What users may still write; some is kept for the system. */
  readonly available: number;
}

/** @returns `undefined` where the system doesn't say */
export function diskOf(path: string): Disk | undefined {
  try {
    const { blocks, bfree, bavail, bsize } = statfsSync(path);
    const used = (blocks - bfree) * bsize;
    return { total: blocks * bsize, used, available: bavail * bsize };
  } catch {
    return undefined;
  }
}

/** Cores, the threads of one counted once, where Linux says. */
function physicalCores(): number | undefined {
  try {
    const text = readTextWithin('/proc/cpuinfo', 4_000_000);
    const cores = text.split('\n\n').map((processor) => {
      const [, socket] = /^physical id\s*: (\d+)$/m.exec(processor) ?? [];
      const [, core] = /^core id\s*: (\d+)$/m.exec(processor) ?? [];
      return core === undefined ? undefined : `${socket}:${core}`;
    });
    return new Set(cores.filter((core) => core !== undefined)).size || undefined;
  } catch {
    return undefined;
  }
}
