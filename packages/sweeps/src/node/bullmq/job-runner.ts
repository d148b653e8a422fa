import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import type { JobResult } from '../../run-sweep.js';
import { KEPT_SECONDS, type QueueKeys } from './keys.js';
import { MESSAGE_BYTES, parseJob, type QueuedJob, resultMessage } from './messages.js';
import { TEXT_BYTES } from './options.js';
import type { RunFiles } from './pack.js';
import { isOfRedis, isReply, type Patience, WaitEndedError } from './patience.js';
import { FINISH, RELEASE, run, SAVE, TAKE } from './scripts.js';
import { type FileStore, fileStore, QUEUED_BYTES, STATE_BYTES } from './store.js';
import type { QueueWorkerOptions, QueueWorkOptions, QueueWorkResult } from './worker-options.js';

const JOB_ID = /^[0-9a-z-]{1,64}_\d{1,16}_\d{1,16}_(?:\d{1,16}|end)$/;

/** What {@link JobRunner} needs besides the settings of its worker. */
interface JobRunnerOptions {
  /** A connection for files. */
  readonly transfers: Redis;
  readonly keys: QueueKeys;
  readonly patience: Patience;
}

/** Does jobs, each only as long as nobody else has it. */
export class JobRunner {
  readonly #options: QueueWorkerOptions;
  readonly #client: Redis;
  readonly #keys: QueueKeys;
  readonly #store: FileStore;
  readonly #patience: Patience;

  constructor(options: QueueWorkerOptions, { transfers, keys, patience }: JobRunnerOptions) {
    this.#options = options;
    this.#client = transfers;
    this.#keys = keys;
    this.#patience = patience;
    this.#store = fileStore(options.shared);
  }

  /**
   * @param lose - called when the job is another's
   * @returns `stopped` where it is to be given back
   * @throws what Redis answers that isn't for now; it is no trial's failure
   */
  async run(id: string, signal: AbortSignal, lose: () => void): Promise<'done' | 'stopped'> {
    if (!JOB_ID.test(id)) return 'done'; // no job of llm101
    const hash = this.#keys.hash(id);
    const held = { id, hash, token: randomUUID(), signal, lose };
    const limits = [KEPT_SECONDS, MESSAGE_BYTES, STATE_BYTES + 1, held.token];
    try {
      const taken = await this.#ask(() => run(this.#client, TAKE, [hash], limits), held);
      if (!Array.isArray(taken)) return 'done';
      const [tries, message, state, isTooLong] = taken as [number, Buffer, Buffer, number];
      const done = await this.#workOn(held, { tries, message, state, isTooLong });
      if (done === undefined) return 'stopped';
      await this.#finish(held, done, state);
      return 'done';
    } catch (error) {
      if (signal.aborted || error instanceof WaitEndedError) return 'stopped';
      throw error;
    }
  }

  #ask<T>(command: () => Promise<T>, { signal }: Held): Promise<T> {
    return this.#patience.ask(command, signal);
  }

  /** @returns what came of it, a failure among it; nothing where it is to be given back */
  async #workOn(
    held: Held,
    { tries, message, state, isTooLong }: Taken,
  ): Promise<Finished | undefined> {
    const { id, hash, token, signal, lose } = held;
    const { attempts = 20, listener } = this.#options;
    let job: QueuedJob | undefined;
    try {
      if (isTooLong === 1) throw new UserError('a job of the queue is too long');
      job = parseJob(message.toString('utf8'));
      if (!id.endsWith(`_${job.trial}_${job.repetition}_${job.until ?? 'end'}`)) {
        throw new UserError("a job of the queue isn't the one that its name says");
      }
      if (tries > attempts) {
        throw new UserError(
          `${tries - 1} workers were lost at it one after the other, and none got further; is there enough memory for it?`,
        );
      }
      const files: RunFiles = state.length === 0 ? new Map() : this.#store.get(state);
      listener?.({ type: 'start', job, isResumed: files.size > 0 });
      const done = await this.#options.work(job, {
        signal,
        files,
        save: this.#saver(held, state),
        text: (sha256) => this.#ask(() => this.#text(sha256), held),
      });
      if (done !== undefined) return { job, ...done };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (isOfRedis(error)) throw error;
      return { job, result: failure(error), files: new Map() };
    }
    if ((await run(this.#client, RELEASE, [hash], [token])) !== 1) lose();
    listener?.({ type: signal.aborted ? 'returned' : 'lost', job });
    return undefined;
  }

  #saver({ hash, token, lose }: Held, first: Buffer): QueueWorkOptions['save'] {
    let before: Uint8Array = first;
    return async (progress, files) => {
      const kept = files === undefined ? Buffer.alloc(0) : this.#store.put(files, STATE_BYTES);
      const args = [KEPT_SECONDS, token, JSON.stringify(progress), kept];
      let how: unknown;
      try {
        how = await run(this.#client, SAVE, [hash], args);
      } catch (error) {
        this.#patience.tell(error);
        if (isReply(error)) this.#store.remove(kept);
        throw error;
      }
      if (how !== 1) {
        this.#store.remove(kept);
        return lose();
      }
      if (files === undefined) return;
      this.#store.remove(before);
      before = kept;
    };
  }

  async #finish(held: Held, { job, result, files }: Finished, state: Buffer): Promise<void> {
    const { id, hash, token } = held;
    const { sweep, ...named } = nameOf(id);
    let kept: Uint8Array = new Uint8Array();
    let told = result;
    try {
      if (files.size > 0) kept = this.#store.put(files, QUEUED_BYTES);
    } catch (error) {
      // what has failed says why, though its files don't come
      if (result.status !== 'failed') told = { ...failure(error), step: result.step };
    }
    const message = resultMessage({ ...named, ...told });
    const args = [KEPT_SECONDS, token, message, kept, id];
    let how: unknown;
    try {
      const keys = [hash, this.#keys.notices(sweep)];
      how = await this.#ask(() => run(this.#client, FINISH, keys, args), held);
    } catch (error) {
      if (isReply(error) || error instanceof WaitEndedError) this.#store.remove(kept);
      throw error;
    }
    this.#store.remove(how === 1 ? state : kept);
    if (job === undefined) return;
    const { listener } = this.#options;
    listener?.(how === 1 ? { type: 'result', job, result: told } : { type: 'lost', job });
  }

  async #text(sha256: string): Promise<Buffer | undefined> {
    const key = this.#keys.text(sha256);
    if ((await this.#client.strlen(key)) > TEXT_BYTES) return undefined;
    return (await this.#client.getBuffer(key)) ?? undefined;
  }
}

/** A job that was taken. */
interface Held {
  readonly id: string;
  readonly hash: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Called when it is another's. */
  readonly lose: () => void;
}

/** What a job has that was taken. */
interface Taken {
  /** How often it was taken without getting further. */
  readonly tries: number;
  readonly message: Buffer;
  /** Of the files of its run. */
  readonly state: Buffer;
  readonly isTooLong: number;
}

/** What came of a job; it may be none. */
interface Finished extends QueueWorkResult {
  readonly job: QueuedJob | undefined;
}

/** What a job's name says. */
function nameOf(id: string): {
  readonly sweep: string;
  readonly trial: number;
  readonly repetition: number;
  readonly until?: number;
} {
  const [sweep, trial, repetition, until] = id.split('_');
  const job = { sweep, trial: Number(trial), repetition: Number(repetition) };
  return until === 'end' ? job : { ...job, until: Number(until) };
}

function failure(error: unknown): JobResult {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'failed', step: 0, error: message };
}
