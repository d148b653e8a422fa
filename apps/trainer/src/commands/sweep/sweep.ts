import { basename, join, resolve } from 'node:path';
import { availableCores, flagOf, type SettingSources, UsageError } from '@llm101/runs';
import {
  type ExecuteJob,
  type JobResult,
  runSweep,
  type Sweep,
  type TrialJob,
} from '@llm101/sweeps';
import { JobProcessError, processPool } from '@llm101/sweeps/node';
import {
  createSweepFolder,
  type OpenSweepFolder,
  reopenSweepFolder,
  trialName,
} from '../../sweep-folder/sweep-folder.js';
import type { Output, OutputFlags } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import type { ExtraLogName, Tracking } from '../../run-folder/extra-logs.js';
import { withoutSecrets } from '../../run-folder/origin.js';
import type { TrialProgress, TrialWork } from '../train/run-trial.js';
import { describePoint, describeSweep, documentOf, tell } from './answer.js';
import { dryRun } from './dry-run.js';
import { concurrencyOf } from './memory.js';
import { openSweepQueue, QUEUED, reachQueue, type SweepQueue } from './on-queue.js';
import { planSweep, type SweepFlags } from './plan-sweep.js';
import { sweepDisplay } from './progress.js';

/** How a sweep is run here; no result depends on it. */
export interface SweepRunFlags extends OutputFlags {
  readonly sweepDir?: string;
  readonly resume?: string;
  readonly retryFailed?: boolean;
  readonly dryRun?: boolean;
  readonly concurrency?: number;
  readonly maxMinutes?: number;
  readonly log?: readonly ExtraLogName[];
  readonly queue?: string;
  readonly shared?: string;
}

/** What {@link sweepCommand} needs besides its file. */
export interface SweepCommandOptions extends SweepFlags, SweepRunFlags {
  readonly sources: SettingSources;
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * `llm101 sweep`.
 *
 * @returns the exit status: 1 where every trial failed
 * @throws Stopped when a signal has come
 */
export async function sweepCommand(
  file: string | undefined,
  options: SweepCommandOptions,
): Promise<number> {
  const { resume, output, stop, retryFailed = false } = options;
  checkFlags(file, options);
  if (options.queue !== undefined) await reachQueue(options.queue);
  if (resume !== undefined) {
    const folder = reopenSweepFolder(resume, ({ status }) => retryFailed && status === 'failed');
    return run(folder.own, folder, options);
  }
  const { sweep, name } = await planSweep(file, { ...options, signal: stop.signal });
  if (options.dryRun === true) {
    const { concurrency = concurrencyOf(sweep) } = options;
    return dryRun(sweep, { output, concurrency, stop });
  }
  return run(sweep, createSweepFolder(options.sweepDir ?? join('sweeps', name), sweep), options);
}

/** What can't be said together. */
function checkFlags(
  file: string | undefined,
  { resume, retryFailed, dryRun: isDry, concurrency, maxMinutes, ...options }: SweepCommandOptions,
): void {
  if (resume === undefined && retryFailed === true) {
    throw new UsageError('--retry-failed is for --resume; pass the folder of a sweep by it');
  }
  checkNumber(
    '--concurrency',
    concurrency,
    Number.isSafeInteger(concurrency),
    'a whole number of at least 1',
  );
  checkNumber('--max-minutes', maxMinutes, true, 'a number above 0');
  if (options.queue !== undefined && (options.log ?? []).length > 0) {
    throw new UsageError(
      '--log is for a sweep on this machine; leave it out, as workers of a queue keep the logs of a run folder alone',
    );
  }
  if (resume === undefined) return;
  const given = [
    ...(file === undefined ? [] : [file]),
    ...(isDry === true ? ['--dry-run'] : []),
    ...SWEEP_FIELDS.filter((key) => options[key] !== undefined).map(flagOf),
    ...Object.keys(options.sources.flags).map(flagOf),
  ];
  if (given.length === 0) return;
  throw new UsageError(
    `a sweep goes on as it was planned; leave out ${given.join(', ')}, or start another`,
  );
}

const SWEEP_FIELDS = [
  'vary',
  'sampler',
  'trials',
  'seeds',
  'objective',
  'maximize',
  'scheduler',
  'minSteps',
  'reduction',
  'inFlight',
  'maxTotalSteps',
  'sweepSeed',
] as const satisfies readonly (keyof SweepFlags)[];

function checkNumber(flag: string, value: unknown, isRight: boolean, rule: string): void {
  if (value === undefined || (typeof value === 'number' && value > 0 && isRight)) return;
  throw new UsageError(`${flag} must be ${rule}; got ${JSON.stringify(value)}`);
}

/** The entry of the trials' processes: `dist/trial.js`, beside what is bundled of this. */
const TRIAL = new URL('trial.js', import.meta.url);

/** Runs a sweep, or what is left of it, in processes on this machine or by workers of a queue. */
async function run(
  sweep: Sweep,
  folder: OpenSweepFolder,
  options: SweepCommandOptions,
): Promise<number> {
  const { output, stop, maxMinutes, queue, shared } = options;
  const { concurrency = queue === undefined ? concurrencyOf(sweep) : QUEUED } = options;
  output.print(
    describeSweep(sweep),
    `folder: ${folder.path}`,
    `${concurrency} ${queue === undefined ? 'at a time' : 'on the queue'}`,
    '',
  );
  const { trials, direction } = sweep;
  const display = sweepDisplay({
    output,
    trials,
    direction,
    describe: ({ point }) => describePoint(point),
  });
  const timeOut = maxMinutes === undefined ? [] : [AbortSignal.timeout(maxMinutes * 60_000)];
  let side: SweepQueue | undefined;
  try {
    side =
      queue === undefined
        ? here(folder, sweep, { display, threads: threadsFor(concurrency), log: options.log ?? [] })
        : await openSweepQueue(folder, sweep, {
            queue,
            shared,
            display,
            runDirOf: (job) => runDirOf(folder, sweep, job),
          });
    const outcome = await runSweep(sweep, {
      concurrency,
      results: folder.known,
      record: side.record,
      listener: display.listener,
      signal: AbortSignal.any([stop.signal, ...timeOut]),
      execute: side.execute,
    });
    display.end();
    await stop.check(
      `stopped; llm101 sweep --resume ${folder.path} goes on with it`,
      documentOf(outcome, sweep, folder),
    );
    return tell(outcome, sweep, { folder, output });
  } finally {
    display.end();
    await side?.close();
    folder.lock.release();
  }
}

/** Threads that each trial may have. */
const threadsFor = (concurrency: number): number =>
  Math.max(1, Math.floor(availableCores() / concurrency));

interface ExecuteOptions {
  readonly display: ReturnType<typeof sweepDisplay>;
  readonly threads: number;
  readonly log: readonly ExtraLogName[];
}

/** Has the trials of a sweep done by processes on this machine. */
function here(
  folder: OpenSweepFolder,
  sweep: Sweep,
  { display, threads, log }: ExecuteOptions,
): SweepQueue {
  const args = withoutSecrets(process.argv.slice(2)); // a run says by which command it was made
  const pool = processPool({ module: TRIAL, args, onLine: (line) => display.say(line) });
  const execute: ExecuteJob = async (job, { signal }) => {
    const { until, settings } = job;
    const { objective } = sweep;
    const runDir = runDirOf(folder, sweep, job);
    const tracking = trackingOf(folder, sweep, job);
    const work: TrialWork = {
      runDir,
      settings,
      until,
      objective,
      threads,
      log,
      tracking,
      config: folder.sweep,
    };
    try {
      return await pool.run<JobResult, TrialProgress>(work, {
        signal,
        onProgress: (progress) => display.progress(job, progress),
      });
    } catch (error) {
      if (!(error instanceof JobProcessError)) throw error;
      return { status: 'failed', step: 0, error: error.message };
    }
  };
  return {
    execute,
    record: (result) => Promise.resolve(folder.record(result)),
    close: () => Promise.resolve(),
  };
}

/** A sweep is a group, and its trials are named by what they vary. */
function trackingOf(
  { path }: OpenSweepFolder,
  { seeds }: Sweep,
  { trial, point, settings }: TrialJob,
): Tracking {
  const name = `${trial}: ${describePoint(point)}`;
  return {
    group: process.env['WANDB_RUN_GROUP'] || basename(resolve(path)),
    jobType: process.env['WANDB_JOB_TYPE'] || 'trial',
    name: seeds === 1 ? name : `${name}, seed ${settings.seed}`,
  };
}

const runDirOf = (
  folder: OpenSweepFolder,
  { seeds }: Sweep,
  { trial, settings }: TrialJob,
): string => join(folder.trials, trialName(trial, seeds === 1 ? undefined : settings.seed));
