// Lecture 6: a perceptron and a convolutional network.
import { loadText } from '@llm101/data/node';
import { countParameters } from '@llm101/models';
import { startBackend } from '@llm101/wasm';
import { expectClose, lectureReference, namesPath } from '@tools/testing';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { learn } from '../src/learn.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const cases = (lectureReference()?.cases ?? []).filter(({ optimizer }) => optimizer === 'sgd');
const path = namesPath();

describe.skipIf(cases.length === 0 || path === undefined)(
  'the lecture’s figures (needs ../shared)',
  () => {
    it.each(['mlp', 'cnn'] as const)(
      'are those of %s',
      async (name) => {
        const expected = cases.find(
          ({ model, context_size }) => model === name && context_size === (name === 'mlp' ? 8 : 16),
        );
        const { text } = await loadText(path ?? '');
        const { model, losses, runningLoss } = await learn(name, text, 1000);
        expect(countParameters(model)).toBe(expected?.parameters);
        expectClose(losses.slice(0, 50), expected?.loss_first_50_steps ?? [], { absolute: 1e-5 });
        expectClose(runningLoss, expected?.running_loss['1000'] ?? NaN, { absolute: 1e-4 });
      },
      300_000,
    );
  },
);

it('says what it found', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run('names', 20);
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^mlp: 10443 parameters, 3\.\d{4} so far, 3\.\d{4} on new names$/);
  expect(lines[2]).toMatch(/^cnn: 27827 parameters/);
});
