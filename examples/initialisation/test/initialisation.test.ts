// Lecture 4: four ways to begin, and what they look like inside.
import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Generator } from '@llm101/random';
import { sampleDeviation } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { courseReference, expectClose, namesPath, runReadme } from '@tools/testing';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { batchesOf, learn, lookInside, splitByPosition } from '../src/learn.js';
import { Network, scales } from '../src/network.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const reference = courseReference()?.lecture4.models ?? [];
const path = namesPath();

describe.skipIf(reference.length === 0 || path === undefined)(
  'lecture 4’s figures (needs ../shared)',
  () => {
    let sets: ReturnType<typeof splitByPosition>;
    beforeAll(async () => {
      sets = splitByPosition(splitLines((await loadText(path ?? '')).text));
    });
    it.each(Object.entries(scales).map(([name, scale], i) => ({ name, scale, i })))(
      'are those of $name',
      async ({ scale, i }) => {
        const generator = Generator.seeded(101);
        const model = new Network(scale, generator);
        const [first] = batchesOf(sets.training, Generator.fromState(generator.state()));
        const { sums, hidden, parameters } = lookInside(model, first);
        const expected = reference[i];
        expectClose(hidden.saturated ?? NaN, expected.saturated, { absolute: 1e-9 });
        expect(hidden.values.counts).toEqual(expected.histogram);
        const w1 = parameters.find(({ name }) => name === 'W1');
        const deviations = [sums.gradient, w1?.gradient].map((one) =>
          one === undefined ? NaN : sampleDeviation(one),
        );
        expectClose(deviations, expected.gradient_std, { relative: 1e-5 });
        const batches = batchesOf(sets.training, generator);
        const { losses, valLoss } = await learn(model, { ...sets, batches, steps: 300 });
        expectClose(losses.slice(0, 20), expected.losses_first_20, { absolute: 1e-5 });
        expectClose(valLoss, expected.val, { absolute: 1e-3 });
      },
    );
  },
);

it('says what it found, and draws it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-initialisation-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run('names', { folder, steps: 20 });
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(lines.map((line) => line.split(':')[0])).toEqual(Object.keys(scales));
  expect(lines[3]).toMatch(/^kaiming: 0\.\d % saturated, 3\.\d{4} at first, 3\.\d{4} in the end$/);
  for (const name of Object.keys(scales))
    expect(existsSync(join(folder, `${name}.svg`))).toBe(true);
});

it('the snippets of its page print what it says', async () => {
  await runReadme(
    fileURLToPath(new URL('..', import.meta.url)),
    '../../docs/lectures/04-initialisation.md',
  );
});
