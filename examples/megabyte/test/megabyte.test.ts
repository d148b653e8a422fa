// MEGABYTE: what a position sees through patches, and that it learns.
import { sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, crossEntropy, everyPosition, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import {
  reshape,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
  type Rank,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak, numericGradient, runReadme } from '@tools/testing';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import { Megabyte } from '../src/megabyte.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 7, contextSize: 8, patchSize: 4, channels: 8, heads: 2 };
const make = (): Megabyte =>
  new Megabyte({ ...sizes, globalLayers: 1, localLayers: 1 }, Generator.seeded(101));
const text = [3, 1, 6, 2, 5, 5, 0, 4];
const tokensOf = (...rows: number[][]): Tensor2D => tensor2d(rows, undefined, 'int32');
const scores = (row: number[], model = make()): number[][] =>
  tidy(() => model.sequenceLogits(tokensOf(row)).arraySync()[0]);

it('sees all that came before and nothing later, across patches too', () => {
  const model = make();
  const before = scores(text, model);
  const seenFrom = text.map((_, i) => {
    const other = text.map((token, t) => (t === i ? (token + 1) % 7 : token));
    const after = scores(other, model);
    return text.flatMap((_, t) => (after[t].some((score, v) => score !== before[t][v]) ? [t] : []));
  });
  expect(seenFrom).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [1, 2, 3, 4, 5, 6, 7],
    [2, 3, 4, 5, 6, 7],
    [3, 4, 5, 6, 7],
    [4, 5, 6, 7],
    [5, 6, 7],
    [6, 7],
    [7],
  ]);
});

it('takes rows of any length up to the context', () => {
  const model = make();
  const whole = scores(text, model);
  for (const length of [1, 3, 4, 5, 8]) {
    const found = scores(text.slice(0, length), model);
    expectClose(found.flat(), whole.slice(0, length).flat(), { absolute: 1e-5 });
    const last = tidy(() => model.logits(tokensOf(text.slice(0, length))).dataSync());
    expectClose(last, whole[length - 1], { absolute: 1e-5 });
  }
});

it('has the gradients of central differences', () => {
  const model = make();
  const { weight } = model.global.embedding;
  const values = Float32Array.from(weight.dataSync());
  const loss = (): Scalar => {
    const logits = reshape<Rank.R2>(model.sequenceLogits(tokensOf(text)), [8, 7]);
    return crossEntropy(logits, tensor1d([1, 6, 2, 5, 5, 0, 4, 3], 'int32'));
  };
  const exact = tidy(() => variableGrads(loss, [weight]).grads[weight.name].dataSync());
  const numeric = numericGradient((x) => {
    weight.assign(tidy(() => tensor2d(x, [7, 8])));
    return tidy(() => loss().dataSync()[0]);
  }, values);
  expectClose(exact, numeric, { absolute: 2e-3 });
});

it('is compiled without a kernel that runs in JavaScript, and learns the same', () => {
  const runs = [true, false].map((isCompiled) => {
    const model = make();
    const plain = stepOf(everyPosition(model), adamw(model.parameters(), { learningRate: 0.01 }));
    const compiled = compile(plain);
    const step = isCompiled ? compiled : plain;
    const losses = Array.from({ length: 10 }, () =>
      tidy(() => step(tokensOf(text), tensor1d([1, 6, 2, 5, 5, 0, 4, 3], 'int32')).dataSync()[0]),
    );
    return { losses, fallbacks: compiled.program?.stats.fallbacks };
  });
  expect(runs[0].fallbacks).toEqual({});
  expectClose(runs[0].losses, runs[1].losses, { absolute: 1e-4 });
  expect(runs[0].losses[9]).toBeLessThan(runs[0].losses[0] - 0.5);
});

it('draws, and leaves no tensor behind', async () => {
  const model = make();
  await expectNoLeak(() => {
    sample(model, { generator: Generator.seeded(1), endToken: 'none', maxLength: 8, compile });
  });
});

it('refuses patches that don’t divide the context', () => {
  const wrong = { ...sizes, patchSize: 3, globalLayers: 1, localLayers: 1 };
  expect(() => new Megabyte(wrong, Generator.seeded(1))).toThrow(
    'Megabyte: patchSize must divide the context of 8; got 3',
  );
});

it('learns, and writes', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const loss = await run('names', 100);
  log.mockRestore();
  write.mockRestore();
  expect(loss).toBeLessThan(2.8); // that of single letters is 2.85
}, 300_000);

it('the snippets of its page print what it says', async () => {
  await runReadme(fileURLToPath(new URL('..', import.meta.url)), '../../docs/lectures/megabyte.md');
}, 300_000);
