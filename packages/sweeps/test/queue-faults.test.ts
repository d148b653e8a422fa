import { setTimeout } from 'node:timers/promises';
import { UserError } from '@llm101/runs';
import { hasRedis, type RedisServer, startRedis } from '@tools/redis/server';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseSweep, runSweep } from '../src/index.js';
import { openQueueHome, type QueueHome, type QueueHomeOptions } from '../src/node/bullmq/index.js';
import { stubAtHome, stubHome, stubWork, stubWorker } from './queue-stub.js';

const grid = parseSweep({
  settings: { maxSteps: 1000 },
  space: { lr: { choice: [1, 0.1, 0.01, 0.001] } },
});
const SHA = 'ab'.repeat(32);

/** Waits for something, for as long as it takes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(10);
}

describe.skipIf(!hasRedis)('a queue whose Redis is at fault', () => {
  let redis: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url, { maxRetriesPerRequest: null });
    client.on('error', () => {});
  });
  afterEach(async () => {
    await client.config('SET', 'maxmemory', '0');
    await client.flushall();
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  const names = (pattern: string): Promise<string[]> => client.keys(pattern);
  const home = (sweep: string, own: Partial<QueueHomeOptions> = {}): Promise<QueueHome> =>
    openQueueHome({
      url: redis.url,
      sweep,
      objective: 'valLoss',
      placesOf: () => ({ data: { name: 'names' } }),
      filesOf: () => new Map(),
      keep: () => {},
      lookMs: 50,
      closingMs: 300,
      ...own,
    });
  const full = async (): Promise<void> => {
    await client.config('SET', 'maxmemory', '1');
  };
  const run = (own: QueueHome, signal?: AbortSignal) =>
    runSweep(grid, {
      execute: own.execute,
      concurrency: 9,
      record: (result) => own.acknowledge(result),
      ...(signal && { signal }),
    });
  const never = new AbortController().signal;

  it('ends a sweep whose text it has lost, and which has changed', async () => {
    const own = await home('changed');
    let isChanged = false;
    await own.putText(
      SHA,
      () => {
        if (isChanged) throw new UserError('t.txt has changed');
        return Buffer.from('text');
      },
      never,
    );
    const ran = run(own);
    await until(async () => (await names('*:job:*')).length === 4);
    isChanged = true;
    await client.flushall();
    await expect(ran).rejects.toThrow('t.txt has changed');
    await own.close();
    expect(await names('*:job:*')).toEqual([]);
  });

  it('is waited for while it is full, and says what can be done', async () => {
    const notes: string[] = [];
    const note = (line: string) => void notes.push(line);
    const own = await home('full', { note });
    await full();
    const put = own.putText(SHA, () => Buffer.from('text'), never);
    const ran = put.then(() => run(own));
    await until(() => notes.some((line) => line.includes('is full')));
    await client.config('SET', 'maxmemory', '0');
    await put;
    await until(async () => (await names('*:job:*')).length === 4);
    // and by a worker that has trained a trial
    let begun = 0;
    const said: string[] = [];
    const worker = stubWorker({
      url: redis.url,
      note: (line) => said.push(line),
      async work(job, options) {
        const done = await stubWork(job, options);
        if (begun++ === 0) await full();
        return done;
      },
    });
    await until(() => said.some((line) => line.includes('is full')));
    await client.config('SET', 'maxmemory', '0');
    expect(await ran).toEqual(await runSweep(grid, { execute: stubAtHome }));
    await worker.stop();
    await own.close();
    expect(notes.filter((line) => line.includes('is full'))).toEqual([
      `Redis at redis://127.0.0.1:${redis.port} is full; raise its maxmemory, as by CONFIG SET maxmemory 4gb, or have files go through --shared; waits until it takes more`,
    ]);
  });

  it('is full, and what it has lost is given out again once it isn’t', async () => {
    const notes: string[] = [];
    const own = await home('lost', { note: (line) => notes.push(line) });
    await own.putText(SHA, () => Buffer.from('text'), never);
    const ran = run(own);
    await until(async () => (await names('*:job:*')).length === 4);
    await full();
    await client.flushall();
    await until(() => notes.some((line) => line.includes('is full')));
    await client.config('SET', 'maxmemory', '0');
    const worker = stubWorker({ url: redis.url });
    expect((await ran).status).toBe('finished');
    await worker.stop();
    await own.close();
  });

  it('doesn’t keep a sweep that is stopped from ending', async () => {
    const notes: string[] = [];
    const stop = new AbortController();
    const own = await home('down', { note: (line) => notes.push(line) });
    const ran = run(own, stop.signal);
    await until(async () => (await names('*:job:*')).length === 4);
    await full();
    const waits = own.putText(SHA, () => Buffer.from('text'), stop.signal);
    waits.catch(() => {});
    await client.client('PAUSE', 60_000, 'ALL');
    stop.abort();
    await expect(waits).rejects.toThrow('This operation was aborted');
    expect((await ran).status).toBe('stopped');
    await own.close();
    expect(notes.at(-1)).toBe(
      `Redis at redis://127.0.0.1:${redis.port} doesn't answer; what is on its queue stays there, and is found where the sweep goes on`,
    );
    client.disconnect();
    await redis.restart();
    await client.connect();
  });

  it('is gone, and keeps neither a sweep that is stopped from ending nor its last record', async () => {
    const own = await startRedis();
    const stop = new AbortController();
    const gone = await home('gone', { url: own.url });
    const ran = run(gone, stop.signal);
    await until(async () => (await own.ask('KEYS {llm101}:job:*')).startsWith('*4'));
    await own.stop();
    const told = gone.acknowledge({ trial: 0, repetition: 0, status: 'finished', step: 1 });
    stop.abort();
    expect((await ran).status).toBe('stopped');
    await told;
    await gone.close();
  });

  it('keeps a text as long as a sweep needs it, and of BullMQ nothing for long', async () => {
    const [one, two] = [await home('one'), await home('two')];
    const worker = stubWorker({ url: redis.url });
    for (const own of [one, two]) await own.putText(SHA, () => Buffer.from('text'), never);
    await run(one);
    await one.close();
    expect((await names('*:text:*')).length).toBe(2);
    await run(two);
    await two.close();
    await worker.stop();
    expect(await names('*:text:*')).toEqual([]);
    const left = await names('*');
    const seconds = await Promise.all(left.map((name) => client.ttl(name)));
    expect(left.filter((_, i) => seconds[i] < 0 || seconds[i] > 3600)).toEqual([]);
  });

  it('keeps the text of what is out when its sweep is stopped', async () => {
    const stop = new AbortController();
    const own = await home('stopped');
    await own.putText(SHA, () => Buffer.from('text'), never);
    const begun = new AbortController();
    const worker = stubWorker({
      url: redis.url,
      async work(job, options) {
        begun.abort();
        await until(() => stop.signal.aborted);
        return stubWork(job, options);
      },
    });
    const ran = run(own, stop.signal);
    await until(() => begun.signal.aborted);
    stop.abort();
    expect((await ran).status).toBe('stopped');
    await own.close();
    await worker.stop();
    expect((await names('*:text:*')).length).toBe(2);
  });
});

describe.skipIf(!hasRedis)('a trial that fails on a queue', () => {
  it('keeps its error where its files are too many, and its files where they aren’t', async () => {
    const redis = await startRedis();
    const files = new Map([['metrics.jsonl', Buffer.from('some\n')]]);
    const large = new Map([['metrics.jsonl', Buffer.alloc(2 ** 26 + 1)]]);
    const worker = stubWorker({
      url: redis.url,
      work: ({ trial }) =>
        Promise.resolve({
          result: { status: 'failed', step: 3, error: 'diverged' },
          files: trial === 0 ? large : files,
        }),
    });
    const home = stubHome();
    const { trials } = await home.run(grid, { url: redis.url });
    await worker.stop();
    await redis.stop();
    expect(trials.map(({ error }) => error)).toEqual(Array(4).fill('diverged'));
    expect([...home.folders.keys()].toSorted()).toEqual(['1/0', '2/0', '3/0']);
  });

  it('isn’t one of a worker whose lock is no time', async () => {
    const url = 'redis://127.0.0.1:1';
    await expect(stubWorker({ url, lockMs: 1000.5 }).stop()).rejects.toThrow(
      /^lockMs must be a whole number from 1 to 2147483647; got 1000.5$/,
    );
  });
});
