// The GPT; that its layers are PyTorch's is tested where they live, in packages/models.
import { sample, stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, everyPosition, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { tensor1d, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { GPT } from '../src/gpt.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 7, contextSize: 6, channels: 8, heads: 2, layers: 2, dropout: 0.2 };
const make = (): GPT => new GPT(sizes, Generator.seeded(101));
const tokensOf = (...rows: number[][]): Tensor2D => tensor2d(rows, undefined, 'int32');
const scores = (model: GPT, row: number[]): Float32Array =>
  tidy(() => model.sequenceLogits(tokensOf(row)).dataSync<'float32'>());

/** The same sums of float32 products, in another order at most. */
const SAME = { absolute: 1e-6 };

it('has the names of a PyTorch module with these fields', () => {
  const names = Object.keys(stateDict(make()));
  expect(names.slice(0, 8)).toEqual([
    'embedding.weight',
    'positions.weight',
    'layers.0.self_attn.in_proj_weight',
    'layers.0.self_attn.in_proj_bias',
    'layers.0.self_attn.out_proj.weight',
    'layers.0.self_attn.out_proj.bias',
    'layers.0.linear1.weight',
    'layers.0.linear1.bias',
  ]);
  expect(names.slice(-4)).toEqual(['norm.weight', 'norm.bias', 'head.weight', 'head.bias']);
});

it('begins again at token 0: padding, or another name, before a name makes no difference', () => {
  const model = make();
  const name = [0, 3, 1, 6];
  const alone = scores(model, name);
  for (const before of [[0, 0], [0, 5, 5, 2], [2]]) {
    expectClose(scores(model, [...before, ...name]).subarray(before.length * 7), alone, SAME);
  }
  const last = tidy(() => model.logits(tokensOf([0, 0, ...name])).dataSync());
  expectClose(last, alone.subarray(3 * 7), SAME);
});

it('sees nothing that comes later, and all of its name that came before', () => {
  const model = make();
  const row = [0, 3, 1, 0, 6, 2];
  const before = scores(model, row);
  const seenFrom = row.map((_, i) => {
    const other = row.map((token, t) => (t === i ? (token % 6) + 1 : token));
    const after = scores(model, other);
    return row.flatMap((_, t) =>
      Array.from({ length: 7 }, (_, v) => t * 7 + v).some((j) => after[j] !== before[j]) ? [t] : [],
    );
  });
  expect(seenFrom).toEqual([[0, 1, 2], [1, 2], [2], [3, 4, 5], [4, 5], [5]]);
});

it('says that a name is longer than the context', () => {
  expect(() => scores(make(), [0, 1, 1, 1, 1, 1, 1])).toThrow('index value 6 is not in');
});

it('is compiled without a kernel that runs in JavaScript, and learns the same', () => {
  const rows = [
    [0, 3, 1, 6, 2, 2],
    [0, 4, 0, 1, 1, 5],
  ];
  const learn = (isCompiled: boolean) => {
    const model = make();
    const optimizer = adamw(model.parameters(), { learningRate: 0.01 });
    const plain = stepOf(everyPosition(model), optimizer);
    const compiled = compile(plain);
    const step = isCompiled ? compiled : plain;
    const losses = Array.from({ length: 20 }, () =>
      tidy(() => {
        const targets = tensor1d(
          rows.flatMap((row) => [...row.slice(1), 0]),
          'int32',
        );
        return step(tokensOf(...rows), targets).dataSync()[0];
      }),
    );
    return { losses, fallbacks: compiled.program?.stats.fallbacks };
  };
  const plain = learn(false);
  // Sums of gradients that tfjs makes may round otherwise; AdamW makes steps of the rate of tiny ones.
  const found = learn(true);
  expectClose(found.losses, plain.losses, { absolute: 1e-3 });
  expectClose(found.losses.slice(0, 3), plain.losses.slice(0, 3), { absolute: 1e-5 });
  expect(found.fallbacks).toEqual({});
  expect(plain.losses[19]).toBeLessThan(plain.losses[0] - 0.3);
});

it('leaves no tensor behind when it draws', async () => {
  const model = make();
  await expectNoLeak(() => {
    sample(model, { count: 3, generator: Generator.seeded(1), maxLength: 9, compile });
  });
});

it('continues a prompt as a name that begins with it', () => {
  const model = make();
  const name = [0, 3, 1];
  while (name.length < 6) {
    const last = scores(model, name).slice(-sizes.vocabSize);
    name.push(last.indexOf(Math.max(...last)));
  }
  const options = { generator: Generator.seeded(1), prompt: [3, 1], temperature: 0 } as const;
  const drawn = sample(model, { ...options, maxLength: 5, endToken: 'none' });
  expect(drawn).toEqual([name.slice(1)]);
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
