import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableCores, UsageError, UserError } from '@llm101/runs';
import type { QueuedJob, QueueWorkerEvent } from '@llm101/sweeps/bullmq';
import { parseQueueUrl, runQueueWorker } from '@llm101/sweeps/bullmq';
import { processPool } from '@llm101/sweeps/node';
import { withoutSecrets } from '@llm101/wandb';
import { withPlaces } from '../../run-folder/places-in-errors.js';
import { hideQueue } from '../../terminal/hide-queue.js';
import type { Output, OutputFlags } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { JobFiles } from './files.js';
import { ownFolder } from './own-folder.js';
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
  const { concurrency = availableCores(), checkpointSeconds = 10, lockSeconds = 30 } = options;
  checkConcurrency(concurrency);
  const saveMs = millisecondsOf('--checkpoint-seconds', checkpointSeconds);
  const lockMs = millisecondsOf('--lock-seconds', lockSeconds);
  const folder = ownFolder(tmpdir());
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
        folder: folder.path,
        files: new JobFiles({ texts, shared, kept: join(folder.path, 'texts') }),
        pool,
        threads,
        saveMs,
        onProgress: () => {},
        warn: say,
      }),
    });
  } finally {
    pool.close();
    folder.remove();
  }
  const { finished, paused, failed } = counts;
  const told = `${finished} trials ended, ${paused} paused, ${failed} failed`;
  await stop.check(`stopped; ${told}; what ran was given back`);
  output.answer([told], counts);
  return 0;
}

function checkConcurrency(value: number): void {
  if (value > 0 && Number.isSafeInteger(value)) return;
  throw new UsageError(
    `--concurrency must be a whole number of at least 1; got ${JSON.stringify(value)}`,
  );
}

/** Locks that are shorter are lost where a machine is busy; a timer takes no more than some weeks. */
const [LEAST_SECONDS, MOST_SECONDS] = [0.1, 86_400];

/** Whole milliseconds, as Redis takes no others. */
function millisecondsOf(flag: string, seconds: number): number {
  if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return Math.round(1000 * seconds);
  throw new UsageError(
    `${flag} must be a number from ${LEAST_SECONDS} to ${MOST_SECONDS}; got ${JSON.stringify(seconds)}`,
  );
}

const nameOf = ({ trial, repetition }: QueuedJob): string =>
  repetition === 0 ? `trial ${trial}` : `trial ${trial}, seed ${repetition + 1}`;

function describe(event: QueueWorkerEvent): string {
  const name = nameOf(event.job);
  if (event.type === 'start') return `${name}: ${event.isResumed ? 'goes on' : 'begins'}`;
  if (event.type === 'lost') return `${name}: another worker has it now`;
  if (event.type === 'returned') return `${name}: given back`;
  const { status, step, value, error } = event.result;
  if (status === 'failed') {
    const why = withPlaces(error ?? '', { run: 'its folder', settings: { data: 'its text' } });
    return `${name}: failed after step ${step}: ${why}`;
  }
  return `${name}: ${status} at step ${step} · ${value?.toFixed(4)}`;
}
