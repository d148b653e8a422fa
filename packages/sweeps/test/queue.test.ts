import { setTimeout } from 'node:timers/promises';
import { hasRedis, type RedisServer, startRedis } from '@tools/redis/server';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack } from '../src/node/bullmq/pack.js';
import { FINISH, run, SAVE, TAKE } from '../src/node/bullmq/scripts.js';
import { jobKey, parseSweep, runSweep } from '../src/index.js';
import { stubAtHome, stubHome, stubResult, stubWork, stubWorker } from './queue-stub.js';

const sweep = parseSweep({
  settings: { maxSteps: 1000, valInterval: 50 },
  space: { lr: { logUniform: [0.001, 10] } },
  scheduler: { kind: 'asha', minSteps: 50, reduction: 3 },
  trials: 30,
});
const MAX_STEPS = 2000;
const grid = parseSweep({
  settings: { maxSteps: MAX_STEPS },
  space: { lr: { choice: [1, 0.1, 0.01, 0.001] } },
});
const GRID = 4;

/** Waits for something, for as long as it takes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(10);
}

/** A promise that is resolved from outside. */
function gateway(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe.skipIf(!hasRedis)('a queue', () => {
  let redis: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url, { maxRetriesPerRequest: null });
    client.on('error', () => {});
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  const own = async (): Promise<string[]> =>
    (await client.keys('*')).filter((key) => /:(job|done|text):|_/.test(key));

  it('gives the results of home, whoever works, and leaves nothing behind', async () => {
    const expected = await runSweep(sweep, { execute: stubAtHome });
    const { url } = redis;
    const workers = [1, 3].map((concurrency) => stubWorker({ url, concurrency }));
    const home = stubHome();
    expect(await home.run(sweep, { url })).toEqual(expected);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(new Set(home.recorded.map(jobKey)).size).toBe(home.recorded.length);
    // a promoted trial went on from the files that it had
    const last = expected.best?.trial ?? -1;
    const files = home.folders.get(`${last}/0`);
    expect(Buffer.from(files?.get('metrics.jsonl') ?? []).toString()).toBe(
      'to 50\nto 150\nto 450\nto 1000\n',
    );
    expect(await own()).toEqual([]);
  });

  it('hands a job of a worker that is gone to another, and hears no more of the first', async () => {
    const { url } = redis;
    const connection = client;
    const home = stubHome('lost');
    const ran = home.run(grid, { url });
    // one that takes a job, saves something, and isn't heard of again
    const gone = new Worker('trials', null, { connection, prefix: '{llm101}', lockDuration: 300 });
    let job = await gone.getNextJob('token');
    while (job === undefined) job = await gone.getNextJob('token');
    const hash = `{llm101}:job:${job.id}`;
    const token = 'first';
    await run(client, TAKE, [hash], [60, 1e6, 1e6, token]);
    const files = new Map([['metrics.jsonl', Buffer.from('half\n')]]);
    const state = Buffer.concat([Buffer.alloc(1), pack(files)]);
    expect(await run(client, SAVE, [hash], [60, token, '{"step":7,"trainLoss":1}', state])).toBe(1);
    const stubborn = gateway();
    let begun = 0;
    const worker = stubWorker({
      url,
      lockMs: 400,
      async work(own, options) {
        begun++;
        if (options.files.size > 0) await stubborn.promise;
        return stubWork(own, options);
      },
    });
    await until(() => begun >= GRID);
    expect(await run(client, SAVE, [hash], [60, token, '{"step":8,"trainLoss":1}', ''])).toBe(0);
    const finish = [60, token, '{"trial":0}', '', 'x'];
    expect(await run(client, FINISH, [hash, '{llm101}:done:lost'], finish)).toBe(0);
    stubborn.resolve();
    expect((await ran).status).toBe('finished');
    await worker.stop();
    await gone.close();
    const texts = [...home.folders.values()].map((files) =>
      Buffer.from(files.get('metrics.jsonl') ?? []).toString(),
    );
    expect(texts.filter((text) => text === 'half\nto 2000\n').length).toBe(1);
    expect(await own()).toEqual([]);
  });

  it('goes on when Redis is killed and comes back', async () => {
    const { url } = redis;
    const notes: string[] = [];
    const slow = async (...args: Parameters<typeof stubWork>) => {
      await setTimeout(20);
      return stubWork(...args);
    };
    const workers = [1, 2].map(() =>
      stubWorker({ url, work: slow, concurrency: 2, note: (line) => notes.push(line) }),
    );
    const home = stubHome();
    const ran = home.run(sweep, { url });
    await until(() => home.recorded.length >= 10);
    await redis.restart();
    expect(await ran).toEqual(await runSweep(sweep, { execute: stubAtHome }));
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(new Set(home.recorded.map(jobKey)).size).toBe(home.recorded.length);
    expect(notes[0]).toMatch(/^Redis at redis:\/\/127.0.0.1:\d+ can't be reached; waits for it$/);
  });

  it('starts again what Redis has lost', async () => {
    const { url } = redis;
    const home = stubHome();
    const ran = home.run(grid, { url });
    await until(async () => (await own()).length >= 8);
    await client.flushall();
    const worker = stubWorker({ url });
    expect(await ran).toEqual(await runSweep(grid, { execute: stubAtHome }));
    await worker.stop();
  });

  it('takes back what nobody has begun when it is stopped, and finds what was done meanwhile', async () => {
    const { url } = redis;
    const stop = new AbortController();
    const home = stubHome();
    const gate = gateway();
    let begun = 0;
    const worker = stubWorker({
      url,
      async work(job, options) {
        begun++;
        await gate.promise;
        return stubWork(job, options);
      },
    });
    const ran = home.run(grid, { url, signal: stop.signal });
    await until(async () => begun > 0 && (await own()).length >= 8);
    stop.abort();
    expect((await ran).status).toBe('stopped');
    expect((await own()).filter((key) => key.includes(':job:')).length).toBe(1);
    gate.resolve();
    await until(async () => (await own()).some((key) => key.includes(':done:')));
    expect(begun).toBe(1);
    expect(await home.run(grid, { url })).toEqual(await runSweep(grid, { execute: stubAtHome }));
    expect(begun).toBe(4);
    await worker.stop();
  });

  it('gives a job back at once when a worker is stopped', async () => {
    const { url } = redis;
    const home = stubHome();
    const ran = home.run(grid, { url });
    const events: string[] = [];
    let begun = 0;
    const first = stubWorker({
      url,
      lockMs: 600_000,
      listener: ({ type }) => events.push(type),
      async work(_, { signal, save }) {
        begun++;
        await until(() => signal.aborted);
        await save({ step: 3, trainLoss: 1 }, new Map([['metrics.jsonl', Buffer.from('some\n')]]));
        return undefined;
      },
    });
    await until(() => begun > 0);
    await first.stop();
    expect(events).toEqual(['start', 'returned']);
    const second = stubWorker({ url });
    expect((await ran).status).toBe('finished');
    await second.stop();
    const texts = [...home.folders.values()].map((files) =>
      Buffer.from(files.get('metrics.jsonl') ?? []).toString(),
    );
    expect(texts.toSorted()).toEqual(['some\nto 2000\n', 'to 2000\n', 'to 2000\n', 'to 2000\n']);
  });

  it('fails a trial at which workers are lost again and again', async () => {
    const { url } = redis;
    const id = 'cursed';
    const home = stubHome(id);
    const ran = home.run(grid, { url });
    const hash = `{llm101}:job:${id}_2_0_end`;
    await until(async () => (await client.exists(hash)) > 0);
    for (let i = 0; i < 3; i++) await run(client, TAKE, [hash], [60, 1e6, 1e6, String(i)]);
    const worker = stubWorker({ url, attempts: 3 });
    const { trials } = await ran;
    await worker.stop();
    expect(trials.map(({ status }) => status)).toEqual([
      'finished',
      'finished',
      'failed',
      'finished',
    ]);
    expect(trials[2].error).toMatch(/^3 workers were lost at it/);
  });

  it('takes no job and no result that isn’t one', async () => {
    const { url } = redis;
    const queue = new Queue('trials', { connection: client, prefix: '{llm101}' });
    const put = async (id: string, message: string): Promise<void> => {
      await client.hset(`{llm101}:job:${id}`, { job: message, tries: 0 });
      await queue.add('trial', { any: 'thing' }, { jobId: id, removeOnComplete: true });
    };
    await put('evil_0_0_end', '{"version":1,"settings":{"data":"/etc/passwd"}}');
    await put('evil_1_0_end', 'x'.repeat(70_000));
    await queue.add('trial', {}, { jobId: '../../x', removeOnComplete: true });
    const begun: unknown[] = [];
    const worker = stubWorker({
      url,
      work(job) {
        begun.push(job);
        return Promise.resolve({ result: { ...stubResult(job), step: -1 }, files: new Map() });
      },
    });
    await until(async () => (await client.xlen('{llm101}:done:evil')) >= 2);
    expect(begun).toEqual([]);
    const errors = await Promise.all(
      [0, 1].map((i) => client.hget(`{llm101}:job:evil_${i}_0_end`, 'result')),
    );
    expect(errors[0]).toContain('a job of the queue isn');
    expect(errors[1]).toContain('too long');
    // and home takes no result of a step below 0
    const { trials } = await stubHome().run(grid, { url });
    await worker.stop();
    expect(trials.map(({ error }) => error)).toEqual(
      trials.map(({ trial }) => `a worker has sent something that is no result of trial ${trial}`),
    );
    await client.del(
      '{llm101}:job:evil_0_0_end',
      '{llm101}:job:evil_1_0_end',
      '{llm101}:done:evil',
    );
  });
});
