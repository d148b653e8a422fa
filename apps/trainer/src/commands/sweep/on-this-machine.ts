import { basename, resolve } from 'node:path';
import { availableCores } from '@llm101/runs';
import type { ExecuteJob, JobResult, Sweep, TrialJob } from '@llm101/sweeps';
import { JobProcessError, processPool } from '@llm101/sweeps/node';
import { withoutSecrets } from '@llm101/wandb';
import type { ExtraLogName, Tracking } from '../../run-folder/extra-logs.js';
import type { OpenSweepFolder } from '../../sweep-folder/sweep-folder.js';
import type { TrialProgress, TrialWork } from '../train/run-trial.js';
import { describePoint } from './answer.js';
import type { SweepDisplay } from './progress.js';
import type { TrialRunner } from './trial-runner.js';

/** The entry of the trials' processes: `dist/trial.js`, beside what is bundled of this. */
const TRIAL = new URL('trial.js', import.meta.url);

/** Threads that each trial may have. */
const threadsFor = (concurrency: number): number =>
  Math.max(1, Math.floor(availableCores() / concurrency));

/** What {@link onThisMachine} needs. */
interface ThisMachineOptions {
  /** Trials that run at a time. */
  readonly concurrency: number;
  readonly log: readonly ExtraLogName[];
  readonly display: SweepDisplay;
  readonly runDirOf: (job: TrialJob) => string;
}

/** Has the trials of a sweep done by processes on this machine. */
export function onThisMachine(
  folder: OpenSweepFolder,
  sweep: Sweep,
  { concurrency, log, display, runDirOf }: ThisMachineOptions,
): TrialRunner {
  const threads = threadsFor(concurrency);
  const args = withoutSecrets(process.argv.slice(2)); // a run says by which command it was made
  const pool = processPool({ module: TRIAL, args, onLine: (line) => display.say(line) });
  const execute: ExecuteJob = async (job, { signal }) => {
    const { until, settings } = job;
    const { objective } = sweep;
    const runDir = runDirOf(job);
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
    close: () => Promise.resolve(pool.close()),
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
