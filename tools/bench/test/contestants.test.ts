// Contestants as processes, but those of Python: each makes the steps that ours makes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBackend } from '@llm101/wasm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ContestantProcess } from '../src/contestant-process.mjs';
import { contestantsFor, javaScript, otherCheckout } from '../src/contestants.mjs';
import { largestDifference } from '../src/figures.mjs';
import { workloads, writeStart } from '../src/workloads.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bench-contestants-'));
const fileOf = (name: string): string => join(folder, `${name}.safetensors`);
const NAMES = ['mlp', 'microgpt-8'];
const LIMIT_MS = 300_000; // with both cores busy

beforeAll(async () => {
  await startBackend();
  for (const workload of workloads.filter(({ name }) => NAMES.includes(name))) {
    await writeStart(fileOf(workload.name), workload, 4);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(command: readonly string[], name: string, threads = 1) {
  const process = new ContestantProcess([...command, fileOf(name)], { pin: [], threads });
  onTestFinished(() => process.close());
  const { absent, losses = [] } = await process.start();
  return { process, absent, losses };
}

describe.each(NAMES)('%s', (name) => {
  let ours: readonly number[] = [];
  it(
    'has losses of ours',
    async () => {
      ours = (await start(javaScript('llm101'), name)).losses;
      expect(ours.length).toBeGreaterThanOrEqual(3);
      expect(ours[0]).not.toBe(ours[2]);
    },
    LIMIT_MS,
  );
  it.each(['llm101-eager', 'llm101-threads', 'tfjs-stock', 'jax-js'])(
    'is the same work to %s',
    async (contestant) => {
      const theirs = await start(javaScript(contestant), name, 2);
      expect(theirs.absent).toBeUndefined();
      const compared = Math.min(ours.length, theirs.losses.length);
      expect(compared).toBeGreaterThanOrEqual(3);
      const both = [ours, theirs.losses].map((losses) => losses.slice(0, compared));
      expect(largestDifference(both[0], both[1])).toBeLessThan(1e-4); // the bench's own bound
      const turn = await theirs.process.run(0.01);
      expect(turn.steps).toBeGreaterThanOrEqual(1);
      expect(turn.seconds).toBeGreaterThanOrEqual(0.01);
    },
    LIMIT_MS,
  );
});

it(
  'runs with the packages of a checkout that is named',
  async () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const [here, there] = await Promise.all([
      start(javaScript('llm101'), 'mlp'),
      start(otherCheckout(root, 'llm101'), 'mlp'),
    ]);
    const count = Math.min(here.losses.length, there.losses.length);
    expect(there.losses.slice(0, count)).toEqual(here.losses.slice(0, count));
    const nowhere = await start(otherCheckout(folder, 'llm101'), 'mlp');
    expect(nowhere.absent).toMatch(/Cannot find package '@llm101/);
  },
  LIMIT_MS,
);

it('says why one has no figures', async () => {
  const { absent } = await start(['no-such-program'], 'mlp');
  expect(absent).toBe('not found: no-such-program');
});

it('measures what loops cost only where a step is quick', () => {
  const names = (isQuick: boolean): string[] => contestantsFor({ isQuick }).map(({ name }) => name);
  expect(names(false)).not.toContain('llm101 eager');
  expect(names(true)).toEqual(expect.arrayContaining([...names(false), 'llm101 eager']));
});
