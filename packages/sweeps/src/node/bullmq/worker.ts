import { randomUUID } from 'node:crypto';
import type { Job as BullJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import type { JobResult } from '../../run-sweep.js';
import { parseQueueUrl } from './address.js';
import { checkServer, connect } from './connection.js';
import { loadEngine, type Engine } from './engine.js';
import { type QueueOptions, TEXT_BYTES } from './options.js';
import { KEPT_SECONDS, QueueKeys } from './keys.js';
import { MESSAGE_BYTES, parseJob, type QueuedJob, resultMessage } from './messages.js';
import type { RunFiles } from './pack.js';
import type { QueueProgress } from './progress.js';
import { FINISH, RELEASE, run, SAVE, TAKE } from './scripts.js';
import { type FileStore, fileStore, QUEUED_BYTES, STATE_BYTES, TooLargeError } from './store.js';

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
  /** For how long a worker that isn't heard of keeps its jobs, in milliseconds. Default: 30,000. */
  readonly lockMs?: number;
  /** How often a job may be taken without getting further, before it has failed. Default: 20. */
  readonly attempts?: number;
}

/** How long a worker that stops waits for Redis. */
const CLOSING_MS = 20_000;
/** How often a worker that ends with its queue looks whether it is to. */
const IDLE_MS = 200;
const JOB_ID = /^[0-9a-z-]{1,64}_\d{1,16}_\d{1,16}_(?:\d{1,16}|end)$/;

/**
 * Does jobs of a queue until it is stopped. It holds each by a lock that it renews; where it can't, another takes the job over from what was
 * saved last, and this one stops it.
 *
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<void> {
  const address = parseQueueUrl(options.url);
  const engine = loadEngine();
  const client = await connect(address, engine, { note: options.note });
  try {
    for (const line of await checkServer(client, address)) options.note?.(line);
    // files have a connection of their own, so that they hold up no renewal
    const transfers = await connect(address, engine);
    try {
      await serve(options, { engine, client, transfers });
    } finally {
      transfers.disconnect();
    }
  } finally {
    client.disconnect();
  }
}

interface Connections {
  readonly engine: Engine;
  readonly client: Redis;
  readonly transfers: Redis;
}

async function serve(options: QueueWorkerOptions, redis: Connections): Promise<void> {
  const { concurrency = 1, lockMs = 30_000, signal, drain = false } = options;
  const keys = new QueueKeys(options.name);
  const held = new Map<string, AbortController>();
  const jobs = new JobRunner(options, redis, keys);
  const process = async (bull: BullJob, token?: string): Promise<void> => {
    const { id = '' } = bull;
    const controller = new AbortController();
    held.set(id, controller);
    const either = AbortSignal.any([signal, controller.signal]);
    try {
      const how = await jobs.run(id, either, () => controller.abort());
      if (how === 'done' || controller.signal.aborted) return;
      await bull.moveToWait(token);
    } finally {
      if (held.get(id) === controller) held.delete(id);
    }
    throw new redis.engine.WaitingError();
  };
  const worker = new redis.engine.Worker(keys.queue, process, {
    connection: redis.client,
    prefix: keys.prefix,
    concurrency,
    autorun: false,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // how often a job may be lost is counted here
    runRetryDelay: 1000,
    drainDelay: 2,
  });
  worker.on('error', () => {}); // the connection says what there is to say
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) held.get(id)?.abort();
  });
  await untilEnded(worker, { signal, isIdle: () => drain && held.size === 0 });
}

/** Runs a worker until it is to end, and closes it, without waiting for a Redis that isn't there. */
async function untilEnded(
  worker: Worker,
  { signal, isIdle }: { readonly signal: AbortSignal; readonly isIdle: () => boolean },
): Promise<void> {
  let isDrained = false;
  worker.on('drained', () => (isDrained = true));
  worker.on('active', () => (isDrained = false));
  let watch: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    watch = setInterval(() => isDrained && isIdle() && resolve(), IDLE_MS);
  });
  const running = worker.run().catch(() => {});
  await ended;
  clearInterval(watch);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_MS)));
  await Promise.race([worker.close().then(() => running), late]);
  clearTimeout(timer);
}

/** Does jobs, each only as long as nobody else has it. */
class JobRunner {
  readonly #options: QueueWorkerOptions;
  readonly #client: Redis;
  readonly #keys: QueueKeys;
  readonly #store: FileStore;

  constructor(options: QueueWorkerOptions, { transfers }: Connections, keys: QueueKeys) {
    this.#options = options;
    this.#client = transfers;
    this.#keys = keys;
    this.#store = fileStore(options.shared);
  }

  /**
   * @param lose - called when the job is another's
   * @returns `stopped` where it is to be given back
   */
  async run(id: string, signal: AbortSignal, lose: () => void): Promise<'done' | 'stopped'> {
    if (!JOB_ID.test(id)) return 'done'; // no job of llm101
    const hash = this.#keys.hash(id);
    const token = randomUUID();
    const limits = [KEPT_SECONDS, MESSAGE_BYTES, STATE_BYTES + 1, token];
    const taken = await run(this.#client, TAKE, [hash], limits);
    if (!Array.isArray(taken)) return 'done';
    const [tries, message, state, isTooLong] = taken as [number, Buffer, Buffer, number];
    const held = { id, hash, token };
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
        save: this.#saver(held, state, lose),
        text: (sha256) => this.#text(sha256),
      });
      if (done === undefined) {
        if ((await run(this.#client, RELEASE, [hash], [token])) !== 1) lose();
        listener?.({ type: signal.aborted ? 'returned' : 'lost', job });
        return 'stopped';
      }
      await this.#finish(held, { job, ...done }, state);
    } catch (error) {
      if (signal.aborted) return 'stopped';
      const result = failure(error);
      await this.#finish(held, { job, result, files: new Map() }, state);
    }
    return 'done';
  }

  #saver({ hash, token }: Held, first: Buffer, lose: () => void): QueueWorkOptions['save'] {
    let before: Uint8Array = first;
    return async (progress, files) => {
      const kept = files === undefined ? Buffer.alloc(0) : this.#store.put(files, STATE_BYTES);
      const args = [KEPT_SECONDS, token, JSON.stringify(progress), kept];
      if ((await run(this.#client, SAVE, [hash], args)) !== 1) {
        this.#store.remove(kept);
        lose();
        return;
      }
      if (files === undefined) return;
      this.#store.remove(before);
      before = kept;
    };
  }

  async #finish(
    { id, hash, token }: Held,
    { job, result, files }: QueueWorkResult & { readonly job: QueuedJob | undefined },
    state: Buffer,
  ): Promise<void> {
    const { sweep, ...named } = nameOf(id);
    let kept: Uint8Array = new Uint8Array();
    let told = result;
    try {
      if (files.size > 0) kept = this.#store.put(files, QUEUED_BYTES);
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      told = { status: 'failed', step: result.step, error: error.message };
    }
    const message = resultMessage({ ...named, ...told });
    const args = [KEPT_SECONDS, token, message, kept, id];
    const how = await run(this.#client, FINISH, [hash, this.#keys.notices(sweep)], args);
    if (how === 1) this.#store.remove(state);
    else this.#store.remove(kept);
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
