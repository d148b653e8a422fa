// The package must be built: a process of its own knows no sources.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { processPool } from '../src/node/index.js';

const module = new URL('fixtures/job.mjs', import.meta.url);
const pool = processPool({ module, attempts: 2 });
afterAll(() => pool.close());

const gone = async (pid = 0): Promise<void> =>
  vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 10_000);

it('does as many jobs at a time as it is given, in as many processes, until it is closed', async () => {
  const own = processPool({ module });
  const pids = async (jobs: object[]): Promise<number[]> => {
    const answers = await Promise.all(jobs.map((job) => own.run<{ pid: number }>(job)));
    return answers.map((answer) => answer?.pid ?? 0).sort((a, b) => a - b);
  };
  const first = await pids([{}, {}]);
  expect(new Set(first).size).toBe(2);
  expect(await pids([{}, {}])).toEqual(first);
  const last = own.run<{ pid: number }>({});
  own.close();
  await Promise.all(first.map(gone));
  expect(first).toContain((await last)?.pid);
});

it.each(['grow', 'unclean', 'throw', 'wait', 'die between'])(
  'takes a new process after a job that leaves its own unfit: %s',
  async (task) => {
    const own = processPool({ module, attempts: 1 });
    onTestFinished(() => own.close());
    const pid = async (): Promise<number> => (await own.run<{ pid: number }>({}))?.pid ?? 0;
    const before = await pid();
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (): void => (task === 'wait' ? controller.abort() : undefined);
    await own.run({ task }, { signal, onProgress }).catch(() => {});
    if (task === 'die between') {
      process.kill(before, 'SIGKILL');
    }
    await gone(before);
    expect(await pid()).not.toBe(before);
  },
);

it('tries again where a process is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-pool-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const progress: unknown[] = [];
  const job = { task: 'die once', path: join(folder, 'died') };
  const answer = await pool.run(job, { onProgress: (own) => progress.push(own) });
  expect(answer).toMatchObject({ pid: expect.any(Number) as unknown });
  expect(progress).toContainEqual({ step: 1 });
});

it('says how a process ended that gave no answer, with its last words', async () => {
  const lines: string[] = [];
  const own = processPool({ module, attempts: 2, onLine: (line) => lines.push(line) });
  await expect(own.run({ task: 'die' })).rejects.toThrow(
    'its process ended without an answer, 2 times: status 7, out of memory',
  );
  expect(lines).toEqual(['out of memory', 'out of memory']);
  await expect(pool.run({ task: 'throw' })).rejects.toThrow('it is odd');
});

it('stops a job where it is asked to', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const answer = await pool.run({ task: 'wait' }, { signal, onProgress: () => controller.abort() });
  expect(answer).toBeUndefined();
  expect(await pool.run({ task: 'wait' }, { signal })).toBeUndefined();
});

it('kills a process that does not stop', async () => {
  const controller = new AbortController();
  const stubborn = new URL('fixtures/stubborn.mjs', import.meta.url);
  const own = processPool({ module: stubborn, patienceMs: 50 });
  const onProgress = (): void => controller.abort();
  expect(await own.run({}, { signal: controller.signal, onProgress })).toBeUndefined();
});
