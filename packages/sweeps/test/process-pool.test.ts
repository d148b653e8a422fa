// The package must be built: a process of its own knows no sources.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { processPool } from '../src/node/index.js';

const module = new URL('fixtures/job.mjs', import.meta.url);
const pool = processPool({ module, attempts: 2 });

it('does each job in a process of its own, which is gone afterwards', async () => {
  const [a, b] = await Promise.all([{}, {}].map((job) => pool.run<{ pid: number }>(job)));
  expect(a?.pid).not.toBe(b?.pid);
  expect(() => process.kill(a?.pid ?? 0, 0)).toThrow('ESRCH');
});

it('tries again where a process is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-pool-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const progress: unknown[] = [];
  const job = { task: 'die once', path: join(folder, 'died') };
  const answer = await pool.run(job, { onProgress: (own) => progress.push(own) });
  expect(answer).toEqual({ pid: expect.any(Number) });
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
