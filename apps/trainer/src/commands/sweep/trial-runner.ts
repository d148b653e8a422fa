import type { ExecuteJob, Result } from '@llm101/sweeps';

/** What has the trials of a sweep done: processes on this machine, or workers of a queue. */
export interface TrialRunner {
  readonly execute: ExecuteJob;
  /** Keeps a result, before another trial is decided by it. */
  readonly record: (result: Result) => Promise<void>;
  readonly close: () => Promise<void>;
}
