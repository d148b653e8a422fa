import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import { jobOf, type Result } from '../../results.js';
import type { ExecuteJob, JobResult, TrialJob } from '../../run-sweep.js';
import type { QueueAddress } from './address.js';
import { KEPT_SECONDS, LEFT_SECONDS, type QueueKeys } from './keys.js';
import {
  fileSettings,
  jobMessage,
  MESSAGE_BYTES,
  parseResultOf,
  type QueuedJob,
} from './messages.js';
import { Notices } from './notices.js';
import { CLOSING_MS, type QueueHome, type QueueHomeOptions } from './options.js';
import type { RunFiles } from './pack.js';
import { isReply, Patience, WaitEndedError } from './patience.js';
import { parseProgress } from './progress.js';
import { COLLECT, LET_QUEUE, LOOK, OFFER, run } from './scripts.js';
import { type FileStore, fileStore, QUEUED_BYTES, STATE_BYTES, TooLargeError } from './store.js';
import { Texts } from './texts.js';

/** Jobs that are looked at in one call. */
const AT_ONCE = 200;

/** A job that was given out. */
interface Waiting {
  readonly job: TrialJob;
  readonly resolve: (result: JobResult | undefined) => void;
  readonly reject: (reason: unknown) => void;
  /** Asks for it back. */
  readonly signal: AbortSignal;
  /** Whether it is being put on the queue. */
  isOffering: boolean;
  /** Whether its result is being fetched. */
  isArriving: boolean;
}

/** What {@link Home} speaks to Redis by. */
export interface HomeConnections {
  readonly address: QueueAddress;
  readonly client: Redis;
  /** Waits for notices. */
  readonly reader: Redis;
  readonly queue: Queue;
  readonly keys: QueueKeys;
}

/** The side of a queue that gives out trials. */
export class Home implements QueueHome {
  readonly #options: QueueHomeOptions;
  readonly #redis: HomeConnections;
  readonly #store: FileStore;
  readonly #waiting = new Map<string, Waiting>();
  /** What stands for the files of jobs that aren't recorded. */
  readonly #references = new Map<string, Buffer>();
  readonly #notices: Notices;
  readonly #texts: Texts;
  readonly #patience: Patience;
  readonly #stopping = new WeakSet<AbortSignal>();
  readonly #timer: NodeJS.Timeout;
  #closing: NodeJS.Timeout | undefined;
  readonly #gaveUp: Promise<void>;
  /** Resolves it. */
  #endWaiting = (): void => {};
  /** Whether a job stays on the queue that isn't waited for any more. */
  #isLeft = false;
  #isLooking = false;
  #isClosed = false;

  constructor(options: QueueHomeOptions, redis: HomeConnections) {
    this.#options = options;
    this.#redis = redis;
    this.#store = fileStore(options.shared);
    this.#patience = new Patience(redis.address, options.note);
    this.#texts = new Texts({ ...redis, sweep: options.sweep });
    const { results = [], lookMs = 5000, sweep } = options;
    const recorded = results.map((result) => redis.keys.idOf(sweep, jobOf(result)));
    this.#notices = new Notices(redis, {
      sweep,
      recorded,
      onResult: (id) => void this.#arrive(id),
      onForget: (id) => this.#forget(id),
    });
    this.#gaveUp = new Promise((resolve) => (this.#endWaiting = resolve));
    this.#timer = setInterval(() => void this.#look(), lookMs);
  }

  readonly execute: ExecuteJob = (job, { signal }) => {
    if (signal.aborted) return Promise.resolve(undefined);
    if (!this.#stopping.has(signal)) {
      this.#stopping.add(signal);
      signal.addEventListener('abort', () => this.#stop(), { once: true });
    }
    const id = this.#redis.keys.idOf(this.#options.sweep, job);
    this.#notices.expect(id);
    return new Promise((resolve, reject) => {
      const how = { isOffering: false, isArriving: false };
      const waiting = { job, resolve, reject, signal, ...how };
      this.#waiting.set(id, waiting);
      void this.#offer(id, waiting);
    });
  };

  async acknowledge(result: Result): Promise<void> {
    const id = this.#redis.keys.idOf(this.#options.sweep, jobOf(result));
    // what isn't taken out is when the sweep goes on
    await Promise.race([this.#notices.forget(id), this.#gaveUp]);
  }

  async putText(sha256: string, read: () => Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const put = this.#patience.ask(() => this.#texts.put(sha256, read), signal);
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([put, stopped]);
  }

  async close(): Promise<void> {
    const { closingMs = CLOSING_MS } = this.#options;
    const { client, reader } = this.#redis;
    clearTimeout(this.#closing);
    clearInterval(this.#timer);
    const isThere = client.status === 'ready' && !this.#isClosed;
    this.#isClosed = true;
    const left = this.#leave().catch(() => {}); // what stays ends by its time
    if (isThere) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closingMs)));
      await Promise.race([left, late]);
      clearTimeout(timer);
    }
    reader.disconnect();
    client.disconnect();
  }

  async #leave(): Promise<void> {
    const { client, keys, queue } = this.#redis;
    await this.#notices.close();
    if (!this.#isLeft && this.#waiting.size === 0) await this.#texts.remove();
    await run(client, LET_QUEUE, [...keys.bullLists, ...keys.bullRest], [LEFT_SECONDS]);
    await queue.close();
  }

  /** Deletes what stands for the files of a job outside of Redis. */
  #forget(id: string): void {
    this.#store.remove(this.#references.get(id) ?? Buffer.alloc(0));
    this.#references.delete(id);
  }

  /** Puts a job on the queue, however long it takes. */
  async #offer(id: string, waiting: Waiting): Promise<void> {
    const { signal, job } = waiting;
    waiting.isOffering = true;
    try {
      const how = await this.#patience.ask(() => this.#put(id, job), signal);
      if (how === 'done') return await this.#arrive(id);
    } catch (error) {
      if (!(error instanceof WaitEndedError)) this.#fail(id, waiting, error);
    } finally {
      waiting.isOffering = false;
    }
    if (signal.aborted) await this.#withdraw(id, waiting);
  }

  async #put(id: string, job: TrialJob): Promise<'done' | 'queued'> {
    const { client, queue, keys } = this.#redis;
    const message = jobMessage(this.#queuedJob(job));
    const files = this.#options.filesOf(job);
    const state = files.size === 0 ? Buffer.alloc(0) : this.#store.put(files, STATE_BYTES);
    let how: unknown;
    try {
      how = await run(client, OFFER, [keys.hash(id)], [KEPT_SECONDS, message, state]);
    } catch (error) {
      if (isReply(error)) this.#store.remove(state);
      throw error;
    }
    if (how !== 1) this.#store.remove(state);
    if (how === 2) return 'done';
    await queue.add('trial', {}, { jobId: id, removeOnComplete: true, removeOnFail: true });
    return 'queued';
  }

  #queuedJob(job: TrialJob): QueuedJob {
    const { trial, repetition, until } = job;
    const settings = Object.fromEntries(
      Object.entries(job.settings).filter(
        ([key, value]) => value !== undefined && !fileSettings.some((own) => own === key),
      ),
    );
    const { objective, placesOf } = this.#options;
    return { trial, repetition, until, objective, settings, files: placesOf(job) };
  }

  /** Fetches the result of a job, if it is waited for and there is one. */
  async #arrive(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.isArriving) return;
    waiting.isArriving = true;
    const { client, keys } = this.#redis;
    try {
      const most = [MESSAGE_BYTES, QUEUED_BYTES + 1];
      const collect = () => run(client, COLLECT, [keys.hash(id)], most);
      const reply = await this.#patience.ask(collect, waiting.signal);
      if (Array.isArray(reply)) {
        const result = await this.#received(id, waiting.job, reply);
        this.#waiting.delete(id);
        waiting.resolve(result);
      }
    } catch (error) {
      this.#fail(id, waiting, error);
    } finally {
      waiting.isArriving = false;
    }
    if (waiting.signal.aborted) await this.#withdraw(id, waiting);
  }

  /** What came of a job. What a worker mustn't send is its failure. */
  async #received(
    id: string,
    job: TrialJob,
    [message, bytes, isTooLong]: unknown[],
  ): Promise<JobResult> {
    let result: Result;
    let files: RunFiles | undefined;
    try {
      if (isTooLong !== 0 || !Buffer.isBuffer(message) || !Buffer.isBuffer(bytes)) {
        throw new UserError(`a worker has sent more than a result of trial ${job.trial} may have`);
      }
      result = parseResultOf(job, message.toString('utf8'));
      files = bytes.length === 0 ? undefined : this.#store.get(bytes);
      if (bytes.length > 0) this.#references.set(id, Buffer.from(bytes.subarray(0, 1000)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { status: 'failed', step: 0, error: error.message };
    }
    if (files !== undefined) await this.#options.keep(job, files);
    const { trial: _t, repetition: _r, until: _u, ...rest } = result;
    return rest;
  }

  #fail(id: string, waiting: Waiting, error: unknown): void {
    if (this.#isClosed) return;
    this.#waiting.delete(id);
    if (error instanceof TooLargeError) {
      waiting.resolve({ status: 'failed', step: 0, error: error.message });
    } else if (error instanceof WaitEndedError) {
      this.#isLeft = true;
      waiting.resolve(undefined);
    } else waiting.reject(error);
  }

  /** Looks after the jobs that were given out: for results whose notice was lost, and jobs that aren't in Redis any more. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    try {
      const all = [...this.#waiting].filter(([, { isOffering }]) => !isOffering);
      for (let at = 0; at < all.length; at += AT_ONCE) {
        await this.#lookAt(all.slice(at, at + AT_ONCE));
      }
      await this.#texts.renew();
    } catch (error) {
      // a text isn't there any more, which ends the sweep; what else it is, it is asked again
      if (error instanceof UserError) this.#waiting.values().next().value?.reject(error);
      else this.#patience.tell(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(jobs: readonly (readonly [string, Waiting])[]): Promise<void> {
    const { client, keys } = this.#redis;
    const names = jobs.flatMap(([id]) => [keys.hash(id), keys.bullJob(id)]);
    const found = await run(client, LOOK, names, []);
    if (!Array.isArray(found)) return;
    const lost: (typeof jobs)[number][] = [];
    for (const [i, [id, waiting]] of jobs.entries()) {
      if (this.#waiting.get(id) !== waiting) continue;
      if (found[2 * i] === 1) void this.#arrive(id);
      else if (found[2 * i] === 2) lost.push([id, waiting]);
      else {
        const progress = parseProgress(String(found[2 * i + 1]));
        if (progress !== undefined) this.#options.onProgress?.(waiting.job, progress);
      }
    }
    if (lost.length > 0) await this.#texts.putAgain();
    for (const [id, waiting] of lost) {
      const { signal, isArriving } = waiting;
      if (this.#waiting.get(id) !== waiting || isArriving || signal.aborted) continue;
      void this.#offer(id, waiting);
    }
  }

  /** Takes everything back, and waits so long for that, and no longer. */
  #stop(): void {
    const { closingMs = CLOSING_MS } = this.#options;
    this.#closing ??= setTimeout(() => this.#giveUp(), closingMs);
    for (const [id, waiting] of this.#waiting) {
      if (!waiting.isOffering) void this.#withdraw(id, waiting);
    }
  }

  /** Leaves everything where it is. */
  #giveUp(): void {
    const { address, client, reader } = this.#redis;
    this.#isClosed = true;
    this.#options.note?.(
      `Redis at ${address.shown} doesn't answer; what is on its queue stays there, and is found where the sweep goes on`,
    );
    client.disconnect(); // which ends nothing that waits, where it was gone
    reader.disconnect();
    this.#endWaiting();
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  /** Takes a job back that no worker has begun; one that is being done goes on, and its result is there when the sweep goes on. */
  async #withdraw(id: string, waiting: Waiting): Promise<void> {
    if (this.#waiting.get(id) !== waiting || waiting.isArriving) return;
    const { client, queue, keys } = this.#redis;
    try {
      const isBack = (await queue.remove(id)) === 1;
      const [state, result] = await client.hmgetBuffer(keys.hash(id), 'state', 'result');
      if (isBack && result === null) {
        this.#store.remove(state ?? Buffer.alloc(0));
        await client.del(keys.hash(id));
      } else this.#isLeft = true;
    } catch {
      this.#isLeft = true; // it is found when the sweep goes on
    }
    if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    waiting.resolve(undefined);
  }
}
