import { availableParallelism, freemem, totalmem } from 'node:os';
import { readTextWithin } from '../spool/files.js';
import { diskOf } from './metadata.js';

/** Names and values, W&B's names without `system.` before them. */
export type SystemMetrics = Readonly<Record<string, number>>;

const MB = 2 ** 20;
const GB = 2 ** 30;
const SECTOR_BYTES = 512;

/** Takes the machine's and the process' figures; what grows counts from its beginning. */
export class SystemSampler {
  #cpu = process.cpuUsage();
  #ms = performance.now();
  readonly #network = networkBytes();
  readonly #disks = diskBytes();

  /** The figures of now; the processor's are of the time since the last call. */
  sample(): SystemMetrics {
    const disk = diskOf('/');
    const rss = process.memoryUsage.rss();
    const available = availableMemory();
    const threads = threadsOfProcess();
    return {
      cpu: this.#cpuPercent(),
      memory_percent: 100 * (1 - available / totalmem()),
      'proc.memory.rssMB': rss / MB,
      'proc.memory.percent': (100 * rss) / totalmem(),
      'proc.memory.availableMB': available / MB,
      ...(threads !== undefined && { 'proc.cpu.threads': threads }),
      ...(disk && {
        'disk./.usageGB': disk.used / GB,
        'disk./.usagePercent': (100 * disk.used) / (disk.used + disk.available),
      }),
      ...this.#traffic(),
    };
  }

  /** Of the cores that the process may use, all of them together 100. */
  #cpuPercent(): number {
    const [usage, ms] = [process.cpuUsage(this.#cpu), performance.now()];
    const elapsedMs = Math.max(ms - this.#ms, 1);
    this.#cpu = process.cpuUsage();
    this.#ms = ms;
    return (usage.user + usage.system) / 10 / elapsedMs / availableParallelism();
  }

  /** What went over the network in bytes, and to and from disks in MB, where Linux says. */
  #traffic(): SystemMetrics {
    const [network, disks] = [networkBytes(), diskBytes()];
    const figures: Record<string, number> = {};
    if (network !== undefined && this.#network !== undefined) {
      figures['network.sent'] = network.sent - this.#network.sent;
      figures['network.recv'] = network.received - this.#network.received;
    }
    for (const [name, { read, written }] of disks) {
      const before = this.#disks.get(name);
      if (before === undefined) continue;
      figures[`disk.${name}.in`] = (read - before.read) / MB;
      figures[`disk.${name}.out`] = (written - before.written) / MB;
    }
    return figures;
  }
}

/** Lines of a file of /proc; none where there is no such file. */
function procLines(path: string): string[] {
  try {
    return readTextWithin(path, 1_000_000).split('\n');
  } catch {
    return [];
  }
}

/** Bytes that a program could get without swapping. */
function availableMemory(): number {
  const line = procLines('/proc/meminfo').find((entry) => entry.startsWith('MemAvailable:'));
  const kB = Number(line?.split(/\s+/)[1]);
  return Number.isFinite(kB) ? kB * 1024 : freemem();
}

function threadsOfProcess(): number | undefined {
  const line = procLines('/proc/self/status').find((entry) => entry.startsWith('Threads:'));
  const count = Number(line?.split(/\s+/)[1]);
  return Number.isFinite(count) ? count : undefined;
}

/** Of all interfaces. */
function networkBytes(): { readonly sent: number; readonly received: number } | undefined {
  const rows = procLines('/proc/net/dev')
    .map((line) => /^\s*[^:]+:\s*(.*)$/.exec(line)?.[1].split(/\s+/).map(Number))
    .filter((row) => row !== undefined && row.length >= 9);
  if (rows.length === 0) return undefined;
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + (row?.[column] ?? 0), 0);
  return { received: sum(0), sent: sum(8) };
}

/** By the names of whole disks, not of their parts. */
function diskBytes(): ReadonlyMap<string, { readonly read: number; readonly written: number }> {
  const rows = procLines('/proc/diskstats').map((line) => line.trim().split(/\s+/));
  return new Map(
    rows
      .filter(([, , name]) => /^(?:[sv]d[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name ?? ''))
      .map((row) => [
        row[2],
        { read: Number(row[5]) * SECTOR_BYTES, written: Number(row[9]) * SECTOR_BYTES },
      ]),
  );
}
