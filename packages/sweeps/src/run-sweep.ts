import { type Settings, UserError } from '@llm101/runs';
import { outcomeOf, ranked, type TrialOutcome } from './outcome.js';
import { SweepPlan } from './plan.js';
import { type Job, jobKey, type Result } from './results.js';
import type { Point } from './space/space.js';
import { settingsOfTrial, type Sweep } from './sweep.js';

/** A part of a trial's run, with all that is needed to do it. */
export interface TrialJob extends Job {
  /** What is varied, at this trial. */
  readonly point: Point;
  readonly settings: Settings;
}

/** What whoever does a job says of it. */
export type JobResult = Omit<Result, keyof Job>;

/**
 * Does a part of a trial's run: from its last checkpoint, if there is one, to its pause or its end. Called again for a job that it has done
 * already it must give the same result. Its signal asks it to keep a checkpoint and return.
 *
 * @returns what came of it, a failure of the run among it; nothing where it was stopped before that
 * @throws what ends the whole sweep
 */
export type ExecuteJob = (
  job: TrialJob,
  options: { readonly signal: AbortSignal },
) => Promise<JobResult | undefined>;

/** What happens in a sweep. */
export type SweepEvent =
  | { readonly type: 'start'; readonly job: TrialJob }
  /** `isKnown` where it is from before. */
  | { readonly type: 'result'; readonly result: Result; readonly isKnown: boolean };

/** Settings of {@link runSweep}. */
export interface RunSweepOptions {
  readonly execute: ExecuteJob;
  /** Jobs that are done at a time, at most. No result depends on it. Default: 1. */
  readonly concurrency?: number;
  /** Results from before, by {@link parseResults}: their jobs aren't done again. */
  readonly results?: readonly Result[];
  /** Keeps a result; the sweep goes on when it is kept. */
  readonly record?: (result: Result) => void | Promise<void>;
  /** Told what happens. */
  readonly listener?: (event: SweepEvent) => void;
  /** Stops the sweep; those that run are asked to keep a checkpoint. */
  readonly signal?: AbortSignal;
}

/** What {@link runSweep} returns. */
export interface SweepOutcome {
  /** Whether all was done, or a signal came before. */
  readonly status: 'finished' | 'stopped';
  /** By their numbers. */
  readonly trials: readonly TrialOutcome[];
  /** The best, if one has a value. */
  readonly best: TrialOutcome | undefined;
}

/**
 * Runs a sweep. Which trials run, and which go on, follows from the sweep and from what comes of its trials; neither `concurrency` nor the
 * order in which they end counts.
 *
 * @throws what `execute` or `record` throws, once the other jobs have stopped
 */
export async function runSweep(sweep: Sweep, options: RunSweepOptions): Promise<SweepOutcome> {
  const { execute, concurrency = 1, results = [], record, listener, signal } = options;
  const plan = new SweepPlan(sweep);
  const known = new Map(results.map((result) => [jobKey(result), result]));
  const failure = new AbortController();
  const stop = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  let running = 0;
  let isStopped = false;
  let wake: (() => void) | undefined;

  const work = async (job: TrialJob): Promise<void> => {
    const done = await execute(job, { signal: stop });
    if (done === undefined) {
      isStopped = true;
      return;
    }
    const { trial, repetition, until } = job;
    const result = { trial, repetition, ...(until !== undefined && { until }), ...done };
    await record?.(result);
    plan.report(result);
    listener?.({ type: 'result', result, isKnown: false });
  };

  const start = (job: TrialJob): void => {
    listener?.({ type: 'start', job });
    running++;
    void work(job)
      .catch((error: unknown) => failure.abort(error))
      .finally(() => {
        running--;
        wake?.();
      });
  };

  const mayStart = (): boolean => running < concurrency && !stop.aborted && !isStopped;
  for (;;) {
    while (mayStart()) {
      const next = plan.next();
      if (next === undefined) break;
      const job = known.get(jobKey(next)) ?? prepared(sweep, plan, next);
      if ('settings' in job) {
        start(job);
        continue;
      }
      const isKnown = known.has(jobKey(next));
      if (!isKnown) await record?.(job);
      plan.report(job);
      listener?.({ type: 'result', result: job, isKnown });
    }
    if (running === 0) break;
    await new Promise<void>((resolve) => void (wake = resolve));
  }
  if (failure.signal.aborted) throw failure.signal.reason;
  const trials = plan.trials.map((trial) => outcomeOf(trial, sweep));
  const best = ranked(trials, sweep).find(({ value }) => value !== undefined);
  return { status: isStopped || !plan.ends() ? 'stopped' : 'finished', trials, best };
}

/** A job with its settings, or its failure where a run can't have them. */
function prepared(sweep: Sweep, plan: SweepPlan, job: Job): TrialJob | Result {
  const { point } = plan.trials[job.trial];
  try {
    return {
      ...job,
      point,
      settings: settingsOfTrial(sweep, { point, repetition: job.repetition }),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { trial, repetition, until } = job;
    return {
      trial,
      repetition,
      ...(until !== undefined && { until }),
      status: 'failed',
      step: 0,
      error: error.message,
    };
  }
}
