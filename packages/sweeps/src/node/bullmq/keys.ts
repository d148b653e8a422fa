import { type Job, jobKey } from '../../results.js';

/** Seconds that Redis keeps what nobody asks for any more. What is gone after that is done again. */
export const KEPT_SECONDS = 30 * 24 * 3600;

/** Seconds that it keeps what BullMQ leaves of a queue in which nothing waits. */
export const LEFT_SECONDS = 3600;

/** What names a sweep in a queue. */
const SWEEP = /^[0-9a-z-]{1,64}$/;

export const isSweepId = (text: string): boolean => SWEEP.test(text);

/** Names of keys in Redis; those of a queue are in one slot of a cluster. */
export class QueueKeys {
  /** Of BullMQ's keys. */
  readonly prefix: string;
  /** What BullMQ calls the queue. */
  readonly queue = 'trials';

  /** @param name - of the queue */
  constructor(name = 'llm101') {
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw new RangeError(
        `the name of a queue must be 1 to 64 letters, digits, dots and dashes; got ${JSON.stringify(name)}`,
      );
    }
    this.prefix = `{${name}}`;
  }

  /** A job's name: BullMQ's id of it. */
  idOf(sweep: string, job: Job): string {
    return `${sweep}_${jobKey(job).replaceAll('/', '_')}`;
  }

  /** The hash of a job, by its name. */
  hash(id: string): string {
    return `${this.prefix}:job:${id}`;
  }

  /** BullMQ's key of a job. */
  bullJob(id: string): string {
    return `${this.prefix}:${this.queue}:${id}`;
  }

  /** The stream that says which jobs of a sweep are done. */
  notices(sweep: string): string {
    return `${this.prefix}:done:${sweep}`;
  }

  /** A text. */
  text(sha256: string): string {
    return `${this.prefix}:text:${sha256}`;
  }

  /** The set of sweeps that need a text. */
  sweepsOf(sha256: string): string {
    return `${this.text(sha256)}:sweeps`;
  }

  /** BullMQ's keys of the queue that have jobs of it, in one state or another; one that is at work on may be in none of them. */
  get bullLists(): readonly string[] {
    return ['wait', 'paused', 'delayed', 'prioritized'].map((key) => this.bullJob(key));
  }

  /** Those that it leaves of a queue without jobs: a version, a count, what happened last, and what wakes workers. */
  get bullRest(): readonly string[] {
    return ['meta', 'id', 'events', 'marker'].map((key) => this.bullJob(key));
  }
}
