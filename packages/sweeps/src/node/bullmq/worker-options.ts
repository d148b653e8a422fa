import type { JobResult } from '../../run-sweep.js';
import type { QueuedJob } from './messages.js';
import type { QueueOptions } from './options.js';
import type { RunFiles } from './pack.js';
import type { QueueProgress } from './progress.js';

/** What the work on a job gets besides it. */
export interface QueueWorkOptions {
  /** Asks it to save what it has and return: the worker stops, or the job is another's. */
  readonly signal: AbortSignal;
  /** Of the run so far; none where it hasn't begun. */
  readonly files: RunFiles;
  /**
   * Keeps the files of the run so far, from which another goes on if this worker is lost.
   *
   * @param files - none where only its progress is told
   * @throws TooLargeError when they are more than the queue takes
   */
  readonly save: (progress: QueueProgress, files?: RunFiles) => Promise<void>;
  /** A text of the queue; nothing where it isn't there. */
  readonly text: (sha256: string) => Promise<Uint8Array | undefined>;
}

/** What came of a job, and the files of its run. */
export interface QueueWorkResult {
  readonly result: JobResult;
  readonly files: RunFiles;
}

/** What happens to a worker. */
export type QueueWorkerEvent =
  | { readonly type: 'start'; readonly job: QueuedJob; readonly isResumed: boolean }
  | { readonly type: 'result'; readonly job: QueuedJob; readonly result: JobResult }
  /** Another has it now. */
  | { readonly type: 'lost'; readonly job: QueuedJob }
  | { readonly type: 'returned'; readonly job: QueuedJob };

/** Settings of {@link runQueueWorker}. */
export interface QueueWorkerOptions extends QueueOptions {
  /**
   * Does a job. @returns nothing where it was asked to stop
   * @throws what is then the job's failure
   */
  readonly work: (
    job: QueuedJob,
    options: QueueWorkOptions,
  ) => Promise<QueueWorkResult | undefined>;
  /** Jobs at a time. Default: 1. */
  readonly concurrency?: number;
  readonly signal: AbortSignal;
  /** Whether it ends once the queue is empty. Default: false. */
  readonly drain?: boolean;
  /** Told what happens. */
  readonly listener?: (event: QueueWorkerEvent) => void;
  /** For how long a worker that isn't heard of keeps its jobs, in whole milliseconds. Default: 30,000. */
  readonly lockMs?: number;
  /** How often a job may be taken without getting further, before it has failed. Default: 20. */
  readonly attempts?: number;
}
