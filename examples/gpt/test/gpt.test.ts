// Lecture 7: a GPT in 40 lines, and the packaged one on threads.
import { splitLines } from '@llm101/data';
import { loadText } from '@llm101/data/node';
import {
  attentionWeights,
  countParameters,
  GPT,
  Linear,
  loadStateDict,
  sample,
  stateDict,
} from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, everyPosition, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { courseReference, expectClose, expectNoLeak, namesPath, runReadme } from '@tools/testing';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { learn, stretchesOf } from '../src/lecture.js';
import { OwnGPT } from '../src/own-gpt.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const reference = courseReference()?.lecture7_gpt;
const path = namesPath();
const make = (): OwnGPT => new OwnGPT([27, 12], Generator.seeded(101));

/** The same network by settings of the packaged class. */
const settings = {
  vocabSize: 27,
  contextSize: 12,
  channels: 64,
  heads: 4,
  layers: 3,
  projections: 'separate',
  bias: { attention: false, feedForward: true, norm: true, head: true },
  tiedHead: false,
  init: 'pytorch',
} as const;

describe.skipIf(reference === undefined || path === undefined)(
  'lecture 7’s figures (needs ../shared)',
  () => {
    it.each([
      ['the GPT in 40 lines', make],
      ['the packaged one', () => new GPT(settings, Generator.seeded(101))],
    ])(
      'are those of %s',
      async (_, makeModel) => {
        const names = splitLines((await loadText(path ?? '')).text);
        const model = makeModel();
        expect(countParameters(model)).toBe(reference?.parameters);
        // The figures are of the course's class, whose head has no bias, with another head drawn behind it.
        const generator = Generator.seeded(101);
        const noBias = { ...settings, bias: { ...settings.bias, head: false } };
        new GPT(noBias, generator).dispose();
        const { weight, bias } = new Linear(64, 27, generator);
        model.head?.weight.assign(weight);
        if (bias !== undefined) model.head?.bias?.assign(bias);
        const { losses, valLoss } = await learn(model, names);
        expectClose(losses.slice(0, 20), reference?.losses_first_20 ?? [], { absolute: 1e-5 });
        expectClose(losses[299], reference?.loss_300 ?? NaN, { absolute: 1e-3 });
        expectClose(valLoss, reference?.val ?? NaN, { absolute: 1e-3 });
      },
      300_000,
    );
  },
);

it('takes stretches of twelve letters', () => {
  const { length, inputs, targets } = stretchesOf(['short', 'abcdefghijkl', 'abcdefghijklm']);
  expect(length).toBe(3);
  expect(Array.from(inputs.slice(12, 24))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(Array.from(targets.slice(24))).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0]);
});

describe('the GPT in 40 lines', () => {
  const tokensOf = (...rows: number[][]): Tensor2D => tensor2d(rows, undefined, 'int32');
  const text = [0, 3, 1, 6, 2];

  it('is the packaged one', () => {
    const [own, packaged] = [make(), new GPT(settings, Generator.seeded(7))];
    const values = Object.values(stateDict(own)); // in the same order, under other names
    const names = Object.keys(stateDict(packaged));
    expect(values).toHaveLength(names.length);
    loadStateDict(packaged, Object.fromEntries(names.map((name, i) => [name, values[i]])));
    const scores = [own, packaged].map((model) =>
      tidy(() => model.sequenceLogits(tokensOf(text)).dataSync()),
    );
    expectClose(scores[0], scores[1], { absolute: 1e-5 });
  });
  it('sees nothing that comes later', () => {
    const model = make();
    const scores = (tokens: number[]) =>
      tidy(() => model.sequenceLogits(tokensOf(tokens)).arraySync()[0]);
    const [before, after] = [scores(text), scores([...text.slice(0, 4), 9])];
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).not.toEqual(before[4]);
    expect(attentionWeights(model, text)).toHaveLength(3);
  });
  it('is compiled without a kernel that runs in JavaScript, and learns the same', () => {
    const losses = [true, false].map((isCompiled) => {
      const model = make();
      const plain = stepOf(everyPosition(model), adamw(model.parameters(), { learningRate: 0.01 }));
      const compiled = compile(plain);
      const step = isCompiled ? compiled : plain;
      const found = Array.from({ length: 5 }, () =>
        tidy(() => step(tokensOf(text), tensor1d([3, 1, 6, 2, 0], 'int32')).dataSync()[0]),
      );
      return { found, fallbacks: compiled.program?.stats.fallbacks };
    });
    expect(losses[0].fallbacks).toEqual({});
    expectClose(losses[0].found, losses[1].found, { absolute: 1e-4 });
  });
  it('draws, and leaves no tensor behind', async () => {
    const model = make();
    await expectNoLeak(() => {
      sample(model, { count: 3, generator: Generator.seeded(1), maxLength: 9, compile });
    });
  });
});

it('the snippets of its page print what it says', async () => {
  await runReadme(
    fileURLToPath(new URL('..', import.meta.url)),
    '../../docs/lectures/07-attention-and-gpt.md',
  );
});

it('learns, and draws names', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { loss, names } = await run('names', { maxSteps: 100 });
  log.mockRestore();
  write.mockRestore();
  expect(loss).toBeGreaterThan(2);
  expect(loss).toBeLessThan(2.6); // that of single letters is 2.8, of guessing 3.3
  expect(names).toHaveLength(10);
  expect(names.join('')).toMatch(/^[a-z-]+$/);
});

describe('on workers', () => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const start = promisify(execFile);
  /** What the built example says in the end: loss and names. */
  const end = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await start(process.execPath, [main, '--steps', '5', ...args]);
    return stdout.trim().split('\n').slice(-2);
  };
  it('learns the same on any number of them', async () => {
    const alone = await end('--shards', '3');
    expect(alone[0]).toMatch(/nats a character/);
    expect(await end('--shards', '3', '--workers', '3')).toEqual(alone);
    expect(await end()).not.toEqual(alone); // shards decide how sums round
  });
  it('says what is wrong with their number', async () => {
    await expect(end('--workers', '0')).rejects.toMatchObject({
      stderr: 'startWorkers: count must be a whole number of at least 1; got 0\n',
    });
  });
});
