import type { Job as BullJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { parseQueueUrl, type QueueAddress } from './address.js';
import { checkServer, connect } from './connection.js';
import { type Engine, loadEngine } from './engine.js';
import { JobRunner } from './job-runner.js';
import { QueueKeys } from './keys.js';
import { CLOSING_MS } from './options.js';
import { Patience } from './patience.js';
import type { QueueWorkerOptions } from './worker-options.js';

/** What a timer takes. */
const MOST_MS = 2 ** 31 - 1;
/** How often a worker that ends with its queue looks whether it is to. */
const IDLE_MS = 200;

/**
 * Does jobs of a queue until it is stopped. It holds each by a lock that it renews; where it can't, another takes the job over from what was
 * saved last, and this one stops it.
 *
 * @throws RangeError when `lockMs` is no whole number of milliseconds, or more than a timer takes
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<void> {
  const { lockMs = 1 } = options;
  if (!Number.isSafeInteger(lockMs) || lockMs < 1 || lockMs > MOST_MS) {
    throw new RangeError(`lockMs must be a whole number from 1 to ${MOST_MS}; got ${lockMs}`);
  }
  const address = parseQueueUrl(options.url);
  const engine = loadEngine();
  const client = await connect(address, engine, { note: options.note });
  try {
    for (const line of await checkServer(client, address)) options.note?.(line);
    // files have a connection of their own, so that they hold up no renewal
    const transfers = await connect(address, engine);
    try {
      await serve(options, { address, engine, client, transfers });
    } finally {
      transfers.disconnect();
    }
  } finally {
    client.disconnect();
  }
}

interface Connections {
  readonly address: QueueAddress;
  readonly engine: Engine;
  readonly client: Redis;
  readonly transfers: Redis;
}

async function serve(options: QueueWorkerOptions, redis: Connections): Promise<void> {
  const { concurrency = 1, lockMs = 30_000, signal, drain = false } = options;
  const keys = new QueueKeys(options.name);
  const held = new Map<string, AbortController>();
  const patience = new Patience(redis.address, options.note);
  const jobs = new JobRunner(options, { ...redis, patience, keys });
  const process = async (bull: BullJob, token?: string): Promise<void> => {
    const { id = '' } = bull;
    const controller = new AbortController();
    held.set(id, controller);
    const either = AbortSignal.any([signal, controller.signal]);
    try {
      const how = await jobs.run(id, either, () => controller.abort());
      if (how === 'done' || controller.signal.aborted) return;
      await bull.moveToWait(token);
    } catch (error) {
      patience.tell(error); // home gives it out again
      throw error;
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
  worker.on('error', (error: Error) => {
    if (!isOfLock(error)) patience.tell(error);
  });
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) held.get(id)?.abort();
  });
  await untilEnded(worker, { signal, isIdle: () => drain && held.size === 0 });
}

/** Whether a job is another's now, which is heard of as well. */
const isOfLock = (error: Error): boolean =>
  'code' in error ? Number(error.code) < 0 : error.message.startsWith('could not renew lock');

/** Runs a worker until it is to end, and closes it, without waiting for a Redis that isn't there. */
async function untilEnded(
  worker: Worker,
  { signal, isIdle }: { readonly signal: AbortSignal; readonly isIdle: () => boolean },
): Promise<void> {
  let isDrained = false;
  worker.on('drained', () => (isDrained = true));
  worker.on('active', () => (isDrained = false));
  let watch: NodeJS.Timeout | undefined;
  const running = worker.run();
  const ended = new Promise<void>((resolve, reject) => {
    running.catch(reject);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    watch = setInterval(() => isDrained && isIdle() && resolve(), IDLE_MS);
  });
  await ended.finally(() => clearInterval(watch));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_MS)));
  await Promise.race([worker.close().then(() => running.catch(() => {})), late]);
  clearTimeout(timer);
}
