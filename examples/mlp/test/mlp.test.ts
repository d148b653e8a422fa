// Lecture 3: a network that looks at three letters.
import { NextTokenDataset, RandomLoader, splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { countParameters } from '@llm101/models';
import { Generator, randint } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { courseReference, expectClose, namesPath, runReadme } from '@tools/testing';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { learn, lossOn, makeMLP, tokenizer, vectorsOf } from '../src/mlp.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const reference = courseReference()?.lecture3;
const path = namesPath();

describe.skipIf(reference === undefined || path === undefined)(
  'lecture 3’s figures (needs ../shared)',
  () => {
    let names: string[];
    beforeAll(async () => {
      names = splitLines((await loadText(path ?? '')).text);
    });
    it('are those of the batches', () => {
      const generator = Generator.seeded(101);
      const windows = new NextTokenDataset(names, tokenizer, 3);
      const drawn = reference?.first_batches.map(() =>
        Array.from(randint(generator, 32, { high: windows.length })),
      );
      expect(drawn).toEqual(reference?.first_batches);
      const [{ inputs }] = new RandomLoader(windows, {
        batchSize: 32,
        generator: Generator.seeded(101),
      });
      const row = new Int32Array(3);
      windows.copyRow(reference?.first_batches[0][0] ?? 0, row, 0);
      expect(inputs.slice(0, 3)).toEqual(row);
    });
    it('are those of 3,000 steps', async () => {
      const model = makeMLP();
      expect(countParameters(model)).toBe(reference?.parameters);
      const losses = await learn(model, names);
      expectClose(losses.slice(0, 20), reference?.losses_first_20 ?? [], { absolute: 1e-5 });
      expectClose(await lossOn(names, model), reference?.full_loss ?? NaN, { absolute: 1e-3 });
    });
  },
);

it('has a vector for each symbol', () => {
  const { symbols, vectors } = vectorsOf(makeMLP());
  expect([symbols.length, vectors.length, vectors[26].length]).toEqual([27, 27, 2]);
});

it('says what it found', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await run('names', { steps: 500 });
  const lines = log.mock.calls.map((words) => words.join(' '));
  log.mockRestore();
  write.mockRestore();
  expect(lines[0]).toBe('1169 parameters');
  expect(lines[1]).toMatch(/^[23]\.\d{4} nats a letter on all names$/);
});

it('the snippets of its page print what it says', async () => {
  await runReadme(fileURLToPath(new URL('..', import.meta.url)), '../../docs/lectures/03-mlp.md');
});
