import { join } from 'node:path';
import { flagOf, type SettingSources, UsageError } from '@llm101/runs';
import { runSweep, type Sweep, type TrialJob } from '@llm101/sweeps';
import {
  createSweepFolder,
  type OpenSweepFolder,
  reopenSweepFolder,
  trialName,
} from '../../sweep-folder/sweep-folder.js';
import type { Output, OutputFlags } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import type { ExtraLogName } from '../../run-folder/extra-logs.js';
import { describePoint, describeSweep, documentOf, tell } from './answer.js';
import { dryRun } from './dry-run.js';
import { concurrencyOf } from './memory.js';
import { onQueue, QUEUED, reachQueue } from './on-queue.js';
import { onThisMachine } from './on-this-machine.js';
import { planSweep, type SweepFlags } from './plan-sweep.js';
import { sweepDisplay } from './progress.js';
import type { TrialRunner } from './trial-runner.js';

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
  const mostMinutes = MOST_MS / 60_000;
  const isInTime = maxMinutes !== undefined && maxMinutes <= mostMinutes;
  checkNumber(
    '--max-minutes',
    maxMinutes,
    isInTime,
    `a number above 0, to ${Math.floor(mostMinutes)}`,
  );
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

/** The longest that a timer waits. */
const MOST_MS = 2 ** 31 - 1;

function checkNumber(flag: string, value: unknown, isRight: boolean, rule: string): void {
  if (value === undefined || (typeof value === 'number' && value > 0 && isRight)) return;
  throw new UsageError(`${flag} must be ${rule}; got ${JSON.stringify(value)}`);
}

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
  const timeOut =
    maxMinutes === undefined ? [] : [AbortSignal.timeout(Math.ceil(maxMinutes * 60_000))];
  const own = { display, runDirOf: (job: TrialJob) => runDirOf(folder, sweep, job) };
  const stopped = `stopped; llm101 sweep --resume ${folder.path} goes on with it`;
  let runner: TrialRunner | undefined;
  try {
    runner =
      queue === undefined
        ? onThisMachine(folder, sweep, { ...own, concurrency, log: options.log ?? [] })
        : await onQueue(folder, sweep, { ...own, queue, shared, signal: stop.signal }).catch(
            async (error: unknown) => {
              await stop.check(stopped); // it waited for Redis
              throw error;
            },
          );
    const outcome = await runSweep(sweep, {
      concurrency,
      results: folder.known,
      record: runner.record,
      listener: display.listener,
      signal: AbortSignal.any([stop.signal, ...timeOut]),
      execute: runner.execute,
    });
    display.end();
    await stop.check(stopped, documentOf(outcome, sweep, folder));
    return tell(outcome, sweep, { folder, output });
  } finally {
    display.end();
    await runner?.close();
    folder.lock.release();
  }
}

const runDirOf = (
  folder: OpenSweepFolder,
  { seeds }: Sweep,
  { trial, settings }: TrialJob,
): string => join(folder.trials, trialName(trial, seeds === 1 ? undefined : settings.seed));
