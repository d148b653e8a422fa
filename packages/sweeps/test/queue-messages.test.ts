import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '@tools/redis/server';
import {
  jobMessage,
  openQueueHome,
  pack,
  parseJob,
  parseQueueUrl,
  parseResultOf,
  type QueuedJob,
  type RunFiles,
  unpack,
  withoutPassword,
} from '../src/node/bullmq/index.js';
import { checkServer, connect } from '../src/node/bullmq/connection.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const files: RunFiles = new Map([
  ['config.json', bytes('{}')],
  ['metrics.jsonl', bytes('')],
  ['checkpoints/step-00000100.safetensors', bytes('weights')],
]);

describe('files on their way', () => {
  it('arrive as they were', () => {
    expect([...unpack(pack(files))].map(([name, content]) => [name, String(content)])).toEqual(
      [...files].map(([name, content]) => [name, String(content)]),
    );
  });

  it('are only those of a run folder', () => {
    const names = [
      '../config.json',
      '/etc/passwd',
      'report.html',
      'checkpoints/../../x',
      'checkpoints/step-1.safetensors',
      'config.json/x',
      'CONFIG.JSON',
    ];
    for (const name of names) {
      expect(() => unpack(pack(new Map([[name, bytes('x')]]))), name).toThrow(/no run folder has/);
    }
  });

  it('are refused where anything is cut, added or changed in their header', () => {
    const whole = pack(files);
    for (let length = 0; length < whole.length; length++) {
      expect(() => unpack(whole.subarray(0, length))).toThrow(/are damaged/);
    }
    expect(() => unpack(Buffer.concat([whole, bytes('x')]))).toThrow(/are damaged/);
    const long = Buffer.from(whole);
    long.writeUInt32LE(0xffff_ffff, 8);
    expect(() => unpack(long)).toThrow(/header is too long/);
    const twice = Buffer.from('[["config.json",0],["config.json",0]]');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(twice.length);
    expect(() => unpack(Buffer.concat([whole.subarray(0, 8), size, twice]))).toThrow(/damaged/);
  });
});

const job: QueuedJob = {
  trial: 3,
  repetition: 0,
  until: 100,
  objective: 'valLoss',
  settings: { model: 'mlp', lr: 0.1, maxSteps: 1000 },
  files: { data: { sha256: 'a'.repeat(64) } },
};

describe('a job of a queue', () => {
  it('is what home has sent', () => {
    expect(parseJob(jobMessage(job))).toEqual(job);
    expect(parseJob(jobMessage({ ...job, until: undefined })).until).toBeUndefined();
  });

  const altered = (changes: object): string =>
    JSON.stringify({ ...JSON.parse(jobMessage(job)), ...changes });

  it.each([
    ['no JSON', '{'],
    ['another version', altered({ version: 2 })],
    ['a field of its own', altered({ command: 'rm' })],
    ['an objective that is none', altered({ objective: 'constructor' })],
    ['a path among the settings', altered({ settings: { data: '/etc/passwd' } })],
    ['a model of another machine', altered({ settings: { initFrom: '/x' } })],
    ['a setting that is none', altered({ settings: { __proto__x: 1 } })],
    ['a wrong value', altered({ settings: { lr: -1 } })],
    ['a path out of the shared folder', altered({ files: { data: { shared: 'a/../../b' } } })],
    ['an absolute path', altered({ files: { data: { shared: '/etc/passwd' } } })],
    ['a path of Windows', altered({ files: { data: { shared: 'C:\\x' } } })],
    ['a hash that is none', altered({ files: { data: { sha256: '../../x' } } })],
    ['no text', altered({ files: {} })],
    ['a trial that is none', altered({ trial: -1 })],
    ['objects in objects', altered({ settings: '['.repeat(50) + ']'.repeat(50) })],
  ])('is refused: %s', (_, message) => {
    expect(() => parseJob(message)).toThrow(
      /^a job of the queue (?:isn't one of llm101|can't be run)/,
    );
  });

  it('has a result of its own', () => {
    const result = { trial: 3, repetition: 0, until: 100, status: 'paused', step: 100, value: 2 };
    expect(parseResultOf(job, JSON.stringify(result))).toEqual(result);
    const wrong = [
      { trial: 4 },
      { until: 200 },
      { until: undefined },
      { status: 'done' },
      { value: undefined },
      { step: 1.5 },
    ];
    for (const change of wrong) {
      expect(() => parseResultOf(job, JSON.stringify({ ...result, ...change }))).toThrow(
        /is no result of trial 3/,
      );
    }
  });
});

describe('the URL of a queue', () => {
  it('is shown without user and password', () => {
    expect(parseQueueUrl('rediss://me:s%40crt@example.com:7000/2')).toEqual({
      url: 'rediss://me:s%40crt@example.com:7000/2',
      shown: 'rediss://example.com:7000/2',
      isSecret: true,
    });
    expect(parseQueueUrl('redis://localhost').shown).toBe('redis://localhost:6379');
  });

  it.each([
    ['s3cret', 'something else'],
    ['http://u:s3cret@host', 'a URL of http:'],
    ['redis://', 'something else'],
    ['redis://:s3cret@host/db', 'it has more than that'],
    ['redis://:s3cret@host?password=s3cret', 'it has more than that'],
  ])('is refused without quoting it: %s', (url, what) => {
    expect(() => parseQueueUrl(url, '--queue')).toThrow(what);
    expect(() => parseQueueUrl(url)).not.toThrow(/s3cret/);
  });

  it('is kept out of messages', () => {
    const address = parseQueueUrl('redis://me:s%40crt@host');
    expect(withoutPassword('AUTH me s@crt at redis://me:s%40crt@host, s%40crt', address)).toBe(
      'AUTH *** *** at ***, ***',
    );
  });
});

const info = (text: string) => ({ info: () => Promise.resolve(text) });

describe('a Redis', () => {
  const address = parseQueueUrl('redis://:s3cret@127.0.0.1:1');

  it('is refused where it is too old', async () => {
    await expect(checkServer(info('redis_version:6.0.16\r\n'), address)).rejects.toThrow(
      /^Redis at redis:\/\/127.0.0.1:1 must be of version 6.2 or newer; it is 6.0.16$/,
    );
    await expect(checkServer(info('# nothing'), address)).rejects.toThrow('of none that it names');
  });

  it('is warned of where it may lose trials', async () => {
    const good = 'redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';
    expect(await checkServer(info(good), address)).toEqual([]);
    const bad = 'redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n';
    const warnings = await checkServer(info(bad), address);
    expect(warnings[0]).toContain('(maxmemory-policy allkeys-lru)');
    expect(warnings[1]).toContain('no append-only file');
  });

  it('that isn’t there is told in a line', async () => {
    const home = openQueueHome({
      url: 'redis://:s3cret@127.0.0.1:1',
      sweep: 'x',
      objective: 'valLoss',
      placesOf: () => ({}),
      filesOf: () => new Map(),
      keep() {},
    });
    await expect(home).rejects.toThrow(
      /^Redis at redis:\/\/127.0.0.1:1 can't be reached: connect ECONNREFUSED 127.0.0.1:1; start it, or correct the URL$/,
    );
  });

  describe.skipIf(!hasRedis)('with a password', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis({ password: 'op:en/s&same' });
    });
    afterAll(() => redis.stop());

    it('lets in who knows it, and nobody else, and no message has it', async () => {
      const client = await connect(parseQueueUrl(redis.url), { Redis });
      expect(await client.ping()).toBe('PONG');
      client.disconnect();
      for (const user of ['', ':wr%2Fong@', 'me:wr%2Fong@']) {
        const wrong = parseQueueUrl(`redis://${user}127.0.0.1:${redis.port}`);
        const error = await connect(wrong, { Redis }).then(String, String);
        expect(error).toContain(`Redis at redis://127.0.0.1:${redis.port} doesn't let us in`);
        expect(error).not.toMatch(/wr(?:\/|%2F)ong/);
      }
    });
  });
});
