import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as BullMQ from 'bullmq';
import type * as IORedis from 'ioredis';
import { UserError } from '@llm101/runs';

/** What trials are queued by. */
export interface Engine {
  readonly Queue: typeof BullMQ.Queue;
  readonly Worker: typeof BullMQ.Worker;
  readonly WaitingError: typeof BullMQ.WaitingError;
  readonly Redis: typeof IORedis.Redis;
}

/**
 * Loads BullMQ and ioredis, which a package of one's own or the folder that one is in must have installed: they aren't among the
 * dependencies of this one.
 *
 * @throws UserError saying how they are installed
 */
export function loadEngine(): Engine {
  const { Queue, Worker, WaitingError } = load('bullmq') as typeof BullMQ;
  const { Redis } = load('ioredis') as typeof IORedis;
  return { Queue, Worker, WaitingError, Redis };
}

function load(name: string): unknown {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from)(name);
    } catch (cause) {
      if (isMissing(cause, name)) continue;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(`${name} can't be loaded: ${why}; npm install bullmq ioredis`, { cause });
    }
  }
  throw new UserError(
    `a queue needs ${name}, which isn't installed here; run npm install bullmq ioredis, beside llm101 or in this folder`,
  );
}

const isMissing = (error: unknown, name: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'MODULE_NOT_FOUND' &&
  error.message.includes(`'${name}'`);
