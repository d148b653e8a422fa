import type { Result } from '../../results.js';
import type { ExecuteJob, TrialJob } from '../../run-sweep.js';
import type { Objective } from '../../sweep.js';
import type { QueuedJob } from './messages.js';
import type { RunFiles } from './pack.js';
import type { QueueProgress } from './progress.js';

/** What home and workers must agree on. */
export interface QueueOptions {
  /** Of a Redis: `redis://host`, or `rediss://user:password@host`. */
  readonly url: string;
  /** Of the queue within it. Default: `llm101`. */
  readonly name?: string | undefined;
  /** A folder that home and workers share, through which files of runs go. Default: they go through Redis, within limits. */
  readonly shared?: string | undefined;
  /** Gets lines about the connection. */
  readonly note?: ((line: string) => void) | undefined;
}

/** Settings of {@link openQueueHome}. */
export interface QueueHomeOptions extends QueueOptions {
  /** What names the sweep in the queue, as long as it lasts: lower-case letters, digits and dashes, no other sweep's. */
  readonly sweep: string;
  readonly objective: Objective;
  /** Results from before, as `runSweep` has them. */
  readonly results?: readonly Result[];
  /** Where workers find the files that a trial's settings name. */
  readonly placesOf: (job: TrialJob) => QueuedJob['files'];
  /** The files of a trial's run so far; none where it hasn't begun. */
  readonly filesOf: (job: TrialJob) => RunFiles;
  /** Keeps the files of a trial's run; called again for what is kept already it must do the same. */
  readonly keep: (job: TrialJob, files: RunFiles) => void | Promise<void>;
  /** Told now and then how far a job is. */
  readonly onProgress?: (job: TrialJob, progress: QueueProgress) => void;
  /** How often jobs are looked after, in milliseconds. Default: 5000. */
  readonly lookMs?: number;
  /** How long it waits for Redis when it is stopped, in milliseconds. Default: 20,000. */
  readonly closingMs?: number;
}

/** The side of a queue that gives out trials. */
export interface QueueHome {
  /** For `runSweep`: has a job done by a worker. */
  readonly execute: ExecuteJob;
  /** Takes a result out of the queue, once it is recorded. */
  acknowledge(result: Result): Promise<void>;
  /**
   * Puts a text into the queue, and again where Redis has lost it.
   *
   * @param read - its bytes
   * @param signal - ends waiting for a Redis that doesn't take it
   * @throws UserError when it is too large
   * @throws the signal's reason
   */
  putText(sha256: string, read: () => Uint8Array, signal: AbortSignal): Promise<void>;
  /** Leaves the queue; what no job needs any more is deleted there. */
  close(): Promise<void>;
}

/** Bytes of a text that goes through the queue. */
export const TEXT_BYTES = 64 * 2 ** 20;

/** How long one that stops waits for Redis, in milliseconds. */
export const CLOSING_MS = 20_000;
