// Lecture 2: counting, and gradients that arrive at the same table.
import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Bigram, countParameters } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { add, softmax } from '@tensorflow/tfjs-core';
import { courseReference, expectClose, namesPath, runReadme } from '@tools/testing';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { countPairs, lossOn } from '../src/counting.js';
import { learn, OneHotBigram } from '../src/gradients.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const reference = courseReference()?.lecture2;
const path = namesPath();

describe.skipIf(reference === undefined || path === undefined)(
  'lecture 2’s figures (needs ../shared)',
  () => {
    let names: string[];
    beforeAll(async () => {
      names = splitLines((await loadText(path ?? '')).text);
    });
    it('are those of the counts', async () => {
      const counts = countPairs(names);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(228_146);
      const model = Bigram.fromCounts(counts);
      const found = [await lossOn(names.slice(0, 3), model), await lossOn(names, model)];
      expectClose(found, [reference?.nll_first_three ?? NaN, reference?.nll_all ?? NaN], {
        absolute: 2e-6,
      });
    });
    it('are those of gradient descent', async () => {
      const losses = await learn(new OneHotBigram(Generator.seeded(101)), countPairs(names));
      expectClose(losses.slice(0, 20), reference?.one_hot_losses_first_20 ?? [], {
        absolute: 1e-5,
      });
      expectClose(losses[99], reference?.one_hot_loss_100 ?? NaN, { absolute: 1e-5 });
    });
  },
);

it('learns the table that is counted', async () => {
  const counts = countPairs(['ab', 'abba', 'b']).map((count) => count + 0.1);
  const model = new OneHotBigram(Generator.seeded(101));
  expect(countParameters(model)).toBe(27 * 27 + 27);
  await learn(model, counts, { steps: 3000, learningRate: 2 });
  const table = softmax(add(model.W, model.b)).dataSync();
  const counted = softmax(Bigram.fromCounts(counts).table.weight).dataSync();
  for (const row of [0, 1, 2]) {
    const at = [row * 27, row * 27 + 27] as const;
    expectClose(table.slice(...at), counted.slice(...at), { absolute: 5e-3 });
  }
});

it('says what it found', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run('names');
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^counted: 2\.4\d{3} nats$/),
    expect.stringMatching(/^learned: 4\.\d{4} before, 2\.\d{4} at step 100$/),
  ]);
  expect(lines[2]).toMatch(/^counted: [a-z ]+$/);
});

it('the snippets of its page print what it says', async () => {
  await runReadme(
    fileURLToPath(new URL('..', import.meta.url)),
    '../../docs/lectures/02-bigram.md',
  );
});
