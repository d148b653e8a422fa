import { type Job, jobKey } from '../../results.js';

/** Seconds that Redis keeps what nobody asks for any more. What is gone after that is done again. */
export const KEPT_SECONDS = 30 * 24 * 3600;

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
}
