import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import { jobOf, type Result } from '../../results.js';
import type { ExecuteJob, JobResult, TrialJob } from '../../run-sweep.js';
import { parseQueueUrl, type QueueAddress } from './address.js';
import { checkServer, connect } from './connection.js';
import { loadEngine } from './engine.js';
import { isSweepId, KEPT_SECONDS, QueueKeys } from './keys.js';
import {
  fileSettings,
  jobMessage,
  MESSAGE_BYTES,
  parseResultOf,
  type QueuedJob,
} from './messages.js';
import { Notices } from './notices.js';
import { type QueueHome, type QueueHomeOptions, TEXT_BYTES } from './options.js';
import type { RunFiles } from './pack.js';
import { parseProgress } from './progress.js';
import { COLLECT, LOOK, OFFER, run } from './scripts.js';
import { type FileStore, fileStore, QUEUED_BYTES, STATE_BYTES, TooLargeError } from './store.js';

/** Jobs that are looked at in one call. */
const AT_ONCE = 200;

/** A job that was given out. */
interface Waiting {
  readonly job: TrialJob;
  readonly resolve: (result: JobResult | undefined) => void;
  readonly reject: (reason: unknown) => void;
  /** Whether it is in the queue. */
  isQueued: boolean;
  /** Whether its result is being fetched. */
  isArriving: boolean;
}

/**
 * Connects to a queue, to give out the trials of a sweep. Each result comes once, however often its job was taken over, and whatever happened
 * to this process: a job that is in the queue already is found there, and so is one that was done meanwhile.
 *
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function openQueueHome(options: QueueHomeOptions): Promise<QueueHome> {
  if (!isSweepId(options.sweep)) {
    throw new RangeError(
      `the name of a sweep in a queue must be lower-case letters, digits and dashes; got ${JSON.stringify(options.sweep)}`,
    );
  }
  const address = parseQueueUrl(options.url);
  const engine = loadEngine();
  const client = await connect(address, engine, { note: options.note });
  try {
    for (const line of await checkServer(client, address)) options.note?.(line);
    const reader = await connect(address, engine);
    const keys = new QueueKeys(options.name);
    const queue = new engine.Queue(keys.queue, {
      connection: client,
      prefix: keys.prefix,
      streams: { events: { maxLen: 1000 } },
    });
    queue.on('error', () => {}); // the connection says what there is to say
    return new Home(options, { address, client, reader, queue, keys });
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

/**
 * Tries whether a queue can be connected to.
 *
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function checkQueue({ url }: Pick<QueueHomeOptions, 'url'>): Promise<void> {
  const address = parseQueueUrl(url);
  const client = await connect(address, loadEngine());
  try {
    await checkServer(client, address);
  } finally {
    client.disconnect();
  }
}

interface Connections {
  readonly address: QueueAddress;
  readonly client: Redis;
  /** Waits for notices. */
  readonly reader: Redis;
  readonly queue: Queue;
  readonly keys: QueueKeys;
}

class Home implements QueueHome {
  readonly #options: QueueHomeOptions;
  readonly #redis: Connections;
  readonly #store: FileStore;
  readonly #waiting = new Map<string, Waiting>();
  /** What stands for the files of jobs that aren't recorded. */
  readonly #references = new Map<string, Buffer>();
  readonly #notices: Notices;
  readonly #texts = new Map<string, () => Uint8Array>();
  readonly #stopping = new WeakSet<AbortSignal>();
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;
  #isClosed = false;

  constructor(options: QueueHomeOptions, redis: Connections) {
    this.#options = options;
    this.#redis = redis;
    this.#store = fileStore(options.shared);
    const { results = [], lookMs = 5000, sweep } = options;
    const recorded = results.map((result) => redis.keys.idOf(sweep, jobOf(result)));
    this.#notices = new Notices(redis, {
      sweep,
      recorded,
      onResult: (id) => void this.#arrive(id),
      onForget: (id) => this.#forget(id),
    });
    this.#timer = setInterval(() => void this.#look(), lookMs);
  }

  readonly execute: ExecuteJob = (job, { signal }) => {
    if (signal.aborted) return Promise.resolve(undefined);
    if (!this.#stopping.has(signal)) {
      this.#stopping.add(signal);
      signal.addEventListener('abort', () => this.#withdrawAll(), { once: true });
    }
    const id = this.#redis.keys.idOf(this.#options.sweep, job);
    this.#notices.expect(id);
    return new Promise((resolve, reject) => {
      const waiting = { job, resolve, reject, isQueued: false, isArriving: false };
      this.#waiting.set(id, waiting);
      this.#offer(id, waiting)
        .then(() => (signal.aborted ? this.#withdraw(id, waiting) : undefined))
        .catch((error: unknown) => this.#fail(id, waiting, error));
    });
  };

  async acknowledge(result: Result): Promise<void> {
    await this.#notices.forget(this.#redis.keys.idOf(this.#options.sweep, jobOf(result)));
  }

  async putText(sha256: string, read: () => Uint8Array): Promise<void> {
    this.#texts.set(sha256, read);
    const { client, keys } = this.#redis;
    const key = keys.text(sha256);
    if ((await client.expire(key, KEPT_SECONDS)) === 1) return;
    const text = read();
    if (text.byteLength > TEXT_BYTES) {
      throw new UserError(
        `a text of ${(text.byteLength / 1e6).toFixed(1)} MB doesn't go through the queue, which takes ${(TEXT_BYTES / 1e6).toFixed(1)} MB`,
      );
    }
    await client.set(key, Buffer.from(text), 'EX', KEPT_SECONDS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const { client, queue } = this.#redis;
    await this.#notices.close();
    await queue.close().catch(() => {});
    client.disconnect();
  }

  /** Deletes what stands for the files of a job outside of Redis. */
  #forget(id: string): void {
    this.#store.remove(this.#references.get(id) ?? Buffer.alloc(0));
    this.#references.delete(id);
  }

  async #offer(id: string, waiting: Waiting): Promise<void> {
    const { job } = waiting;
    const { client, queue, keys } = this.#redis;
    const message = jobMessage(this.#queuedJob(job));
    const files = this.#options.filesOf(job);
    const state = files.size === 0 ? Buffer.alloc(0) : this.#store.put(files, STATE_BYTES);
    const how = await run(client, OFFER, [keys.hash(id)], [KEPT_SECONDS, message, state]);
    if (how !== 1) this.#store.remove(state);
    if (how === 2) return this.#arrive(id);
    await queue.add('trial', {}, { jobId: id, removeOnComplete: true, removeOnFail: true });
    waiting.isQueued = true;
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
      const reply = await run(client, COLLECT, [keys.hash(id)], most);
      if (!Array.isArray(reply)) return;
      const result = await this.#received(id, waiting.job, reply);
      this.#waiting.delete(id);
      waiting.resolve(result);
    } catch (error) {
      this.#fail(id, waiting, error);
    } finally {
      waiting.isArriving = false;
    }
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
    } else waiting.reject(error);
  }

  /** Looks after the jobs that were given out: for results whose notice was lost, and jobs that aren't in Redis any more. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    try {
      const all = [...this.#waiting].filter(([, { isQueued }]) => isQueued);
      for (let at = 0; at < all.length; at += AT_ONCE) {
        await this.#lookAt(all.slice(at, at + AT_ONCE));
      }
    } catch {
      // Redis isn't there; it is asked again
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(jobs: readonly (readonly [string, Waiting])[]): Promise<void> {
    const { client, keys } = this.#redis;
    const names = jobs.flatMap(([id]) => [keys.hash(id), keys.bullJob(id)]);
    const found = await run(client, LOOK, names, []);
    if (!Array.isArray(found)) return;
    for (const [i, [id, waiting]] of jobs.entries()) {
      if (this.#waiting.get(id) !== waiting) continue;
      if (found[2 * i] === 1) void this.#arrive(id);
      else if (found[2 * i] === 2) {
        waiting.isQueued = false;
        for (const [sha256, read] of this.#texts) await this.putText(sha256, read);
        await this.#offer(id, waiting).catch((error: unknown) => this.#fail(id, waiting, error));
      } else {
        const progress = parseProgress(String(found[2 * i + 1]));
        if (progress !== undefined) this.#options.onProgress?.(waiting.job, progress);
      }
    }
  }

  #withdrawAll(): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.isQueued) void this.#withdraw(id, waiting);
    }
  }

  /** Takes a job back that no worker has begun; one that is being done goes on, and its result is there when the sweep goes on. */
  async #withdraw(id: string, waiting: Waiting): Promise<void> {
    if (this.#waiting.get(id) !== waiting || waiting.isArriving) return;
    this.#waiting.delete(id);
    const { client, queue, keys } = this.#redis;
    try {
      if ((await queue.remove(id)) === 1) {
        const state = await client.hgetBuffer(keys.hash(id), 'state');
        this.#store.remove(state ?? Buffer.alloc(0));
        await client.del(keys.hash(id));
      }
    } catch {
      // it stays, and is found when the sweep goes on
    }
    waiting.resolve(undefined);
  }
}
