import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableCores, UsageError, UserError } from '@llm101/runs';
import type { QueuedJob, QueueWorkerEvent } from '@llm101/sweeps/bullmq';
import { parseQueueUrl, runQueueWorker } from '@llm101/sweeps/bullmq';
import { processPool } from '@llm101/sweeps/node';
import { withoutSecrets } from '@llm101/wandb';
import { hideQueue } from '../../terminal/hide-queue.js';
import type { Output, OutputFlags } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { JobFiles } from './files.js';
import { trialWork } from './work.js';

/** The flags of `llm101 worker`. */
export interface WorkerFlags extends OutputFlags {
  readonly queue?: string;
  readonly concurrency?: number;
  readonly texts?: string;
  readonly shared?: string;
  readonly drain?: boolean;
  readonly checkpointSeconds?: number;
  readonly lockSeconds?: number;
}

/** What {@link workerCommand} needs. */
export interface WorkerCommandOptions extends WorkerFlags {
  readonly output: Output;
  readonly stop: StopSignal;
}

/** The entry of the trials' processes: `dist/trial.js`, beside what is bundled of this. */
const TRIAL = new URL('trial.js', import.meta.url);

/**
 * `llm101 worker`: does trials of a queue until it is stopped, or the queue is empty.
 *
 * @returns the exit status
 * @throws Stopped when a signal has come
 */
export async function workerCommand(options: WorkerCommandOptions): Promise<number> {
  const { queue, texts, shared, drain = false, output, stop } = options;
  if (queue === undefined) {
    throw new UsageError(
      'a worker needs a queue; pass its Redis by --queue redis://host, or by LLM101_QUEUE',
    );
  }
  const address = parseQueueUrl(queue, '--queue');
  hideQueue(address);
  for (const [flag, folder] of Object.entries({ '--texts': texts, '--shared': shared })) {
    if (folder === undefined || existsSync(folder)) continue;
    throw new UserError(`${flag} must be a folder that is there; got ${folder}`);
  }
  const concurrency = positive('--concurrency', options.concurrency ?? availableCores());
  const saveMs = 1000 * positive('--checkpoint-seconds', options.checkpointSeconds ?? 10, false);
  const lockMs = 1000 * positive('--lock-seconds', options.lockSeconds ?? 30, false);
  removeLeft();
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const counts = { finished: 0, paused: 0, failed: 0 };
  const say = (line: string): void => output.note(line);
  const threads = Math.max(1, Math.floor(availableCores() / concurrency));
  const pool = processPool({
    module: TRIAL,
    args: withoutSecrets(process.argv.slice(2)),
    onLine: say,
  });
  try {
    output.print(`worker of ${address.shown}, ${concurrency} at a time`, '');
    await runQueueWorker({
      url: queue,
      shared,
      concurrency,
      drain,
      lockMs,
      signal: stop.signal,
      note: say,
      listener(event) {
        if (event.type === 'result') counts[event.result.status]++;
        if (output.showsProgress) say(describe(event));
      },
      work: trialWork({
        folder,
        files: new JobFiles({ texts, shared, kept: join(folder, 'texts') }),
        pool,
        threads,
        saveMs,
        onProgress: () => {},
        warn: say,
      }),
    });
  } finally {
    pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const { finished, paused, failed } = counts;
  const told = `${finished} trials ended, ${paused} paused, ${failed} failed`;
  await stop.check(`stopped; ${told}; what ran was given back`);
  output.answer([told], counts);
  return 0;
}

function positive(flag: string, value: unknown, isWhole = true): number {
  if (typeof value === 'number' && value > 0 && (!isWhole || Number.isSafeInteger(value))) {
    return value;
  }
  const rule = isWhole ? 'a whole number of at least 1' : 'a number above 0';
  throw new UsageError(`${flag} must be ${rule}; got ${JSON.stringify(value)}`);
}

const nameOf = ({ trial, repetition }: QueuedJob): string =>
  repetition === 0 ? `trial ${trial}` : `trial ${trial}, seed ${repetition + 1}`;

function describe(event: QueueWorkerEvent): string {
  const name = nameOf(event.job);
  if (event.type === 'start') return `${name}: ${event.isResumed ? 'goes on' : 'begins'}`;
  if (event.type === 'lost') return `${name}: another worker has it now`;
  if (event.type === 'returned') return `${name}: given back`;
  const { status, step, value, error } = event.result;
  if (status === 'failed') return `${name}: failed after step ${step}: ${error}`;
  return `${name}: ${status} at step ${step} · ${value?.toFixed(4)}`;
}

const FOLDER = 'llm101-worker-';

/** Deletes what workers left that were killed. */
function removeLeft(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // another's
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}
