import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hasRedis, type RedisServer, startRedis } from '@tools/redis/server';
import { parseResults, type Result } from '@llm101/sweeps';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents } from '../src/documents.js';
import { emptyFolder, ended, errorOf, metricsOf, start, succeed } from './llm101.js';

const PASSWORD = 'pa55:w/rd';

/** A text, and the flags of a sweep of it whose trials take a second or two. */
function smallSweep(folder: string): string[] {
  const data = join(folder, 'lines.txt');
  const words = ['ada', 'alan', 'grace', 'edsger', 'barbara', 'donald', 'john', 'katherine'];
  const lines = Array.from({ length: 400 }, (_, i) => words[i % 8] + words[(i * 3) % 7]);
  writeFileSync(data, `${lines.join('\n')}\n`);
  const settings = '--d-hidden 8 --batch-size 16 --max-steps 600 --val-interval 200';
  return [
    'sweep',
    '--data',
    data,
    '--vary',
    'lr=0.3,0.1',
    ...settings.split(' '),
    ...'--checkpoint-interval 20 --scheduler asha --min-steps 400 --reduction 2'.split(' '),
  ];
}

const resultsOf = (sweepDir: string): Result[] =>
  parseResults(readFileSync(join(sweepDir, 'results.jsonl'), 'utf8'))
    .map((result) => Object.assign(result, { durationMs: undefined }))
    .toSorted((a, b) => a.trial - b.trial || a.step - b.step);

/** Everything in the files of a folder. */
const contentOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join();

describe.skipIf(!hasRedis)('a sweep on a queue', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis({ password: PASSWORD });
  });
  afterAll(() => redis.stop());

  it('ends as it does at home, though a worker is killed, and no password is seen', async () => {
    const folder = emptyFolder();
    const [here, queued] = ['here', 'queued'].map((name) => join(folder, name));
    const flags = smallSweep(folder);
    await succeed(...flags, '--sweep-dir', here);
    const env = { LLM101_QUEUE: redis.url };
    const worker = () =>
      start(['worker', ...'--concurrency 1 --lock-seconds 1 --checkpoint-seconds 0.1'.split(' ')], {
        env,
      });
    const home = ended(start([...flags, '--sweep-dir', queued], { env }));
    const killed = worker();
    const script = `return redis.call('HEXISTS',KEYS[1],'state')`;
    const isSaved = async (): Promise<boolean> => {
      const keys = await redis.ask('KEYS {llm101}:job:*');
      for (const [key] of keys.matchAll(/\{llm101\}:job:\S+/g)) {
        if ((await redis.ask(`EVAL "${script}" 1 ${key}`)) === ':1') return true;
      }
      return false;
    };
    while (killed.exitCode === null && !(await isSaved())) await setTimeout(50);
    killed.kill('SIGKILL');
    const other = worker();
    const said = ended(other);
    const { status, stderr, stdout } = await home;
    other.kill('SIGINT');
    const last = await said;
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(last.status).toBe(130);
    expect(resultsOf(queued)).toEqual(resultsOf(here));
    for (const trial of readdirSync(join(here, 'trials'))) {
      const [one, two] = [here, queued].map((path) => join(path, 'trials', trial));
      const weights = [one, two].map((path) => readFileSync(join(path, 'model.safetensors')));
      expect(weights[0].equals(weights[1])).toBe(true);
      const logs = [one, two].map((path) =>
        metricsOf(path).map((line) => Object.assign(line, { stepsPerSecond: undefined })),
      );
      expect(logs[1]).toEqual(logs[0]);
    }
    // its folder is one that a run can go on in here
    await succeed('train', '--resume', join(queued, 'trials', '0'), '--max-steps', '620');
    const seen = [stdout, stderr, last.stdout, last.stderr, contentOf(queued)].join();
    expect(seen).not.toMatch(/pa55|w%2Frd|w\/rd/);
    expect(await redis.ask('KEYS {llm101}:job:*')).toBe('*0');
  });

  it('goes through a shared folder, within which files may lie', async () => {
    const folder = emptyFolder();
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    const flags = smallSweep(shared);
    const worker = start(['worker', '--queue', redis.url, '--shared', shared, '--drain'], {});
    const said = ended(worker);
    const sweepDir = join(folder, 'sweep');
    const before = ended(
      start([
        ...flags,
        '--max-steps',
        '401',
        '--queue',
        redis.url,
        '--shared',
        shared,
        '--sweep-dir',
        sweepDir,
      ]),
    );
    // a worker that ends with its queue may end before there is anything on it
    const after = said.then(() => start(['worker', '--queue', redis.url, '--shared', shared]));
    const { status, stderr } = await before;
    (await after).kill('SIGINT');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(resultsOf(sweepDir).length).toBeGreaterThan(2);
    expect(readdirSync(join(shared, 'llm101-queue'))).toEqual([]);
  });

  it('is empty where a worker with --drain says what it has done', async () => {
    const { stdout } = await succeed(
      'worker',
      '--queue',
      redis.url,
      '--drain',
      '--json',
      '--quiet',
    );
    const document = documents.worker.parse(JSON.parse(stdout));
    expect(document).toEqual({ version: 2, finished: 0, paused: 0, failed: 0 });
  });

  it('is no place for a wrong password', async () => {
    const url = `redis://:wr0ng@127.0.0.1:${redis.port}`;
    const error = await errorOf(1, 'worker', '--queue', url);
    expect(error).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:\d+ doesn't let us in: /);
    expect(error).not.toContain('wr0ng');
  });
});

describe('llm101 worker', () => {
  it('says what it needs', async () => {
    expect(await errorOf(2, 'worker')).toMatch(
      /^a worker needs a queue; pass its Redis by --queue/,
    );
    expect(await errorOf(1, 'worker', '--queue', 'redis://127.0.0.1:1')).toMatch(
      /^Redis at redis:\/\/127\.0\.0\.1:1 can't be reached: connect ECONNREFUSED/,
    );
    expect(await errorOf(2, 'sweep', '--vary', 'lr=1,2', '--queue', 'http://u:pw@host')).toMatch(
      /^--queue must be redis:\/\/host:6379, .* got a URL of http:/,
    );
  });
});
