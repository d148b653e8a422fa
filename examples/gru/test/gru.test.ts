// The recurrent model; that GRU itself is PyTorch's is tested where it lives, in packages/models.
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { tensor1d, tensor2d, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { sample, stateDict } from '@llm101/models';
import { GruModel } from '../src/gru-model.js';
import { run } from '../src/run.js';

beforeAll(() => startBackend());

const make = (): GruModel =>
  new GruModel({ vocabSize: 7, dEmbed: 3, dHidden: 5, dropout: 0.5 }, Generator.seeded(101));
const scores = (model: GruModel, row: number[]): Float32Array =>
  tidy(() => model.sequenceLogits(tensor2d([row], undefined, 'int32')).dataSync<'float32'>());

/** The same sums of float32 products, in another order at most. */
const SAME = { absolute: 1e-6 };

it('has the names of a PyTorch module with these fields', () => {
  expect(Object.keys(stateDict(make()))).toEqual([
    'embedding.weight',
    'gru.weight_ih_l0',
    'gru.weight_hh_l0',
    'gru.bias_ih_l0',
    'gru.bias_hh_l0',
    'head.weight',
    'head.bias',
  ]);
});

it('begins again at token 0: padding, or another name, before a name makes no difference', () => {
  const model = make();
  const name = [0, 3, 1, 6];
  const alone = scores(model, name);
  for (const before of [[0, 0], [0, 5, 5], [2]]) {
    expectClose(scores(model, [...before, ...name]).subarray(before.length * 7), alone, SAME);
  }
  const last = tidy(() => model.logits(tensor2d([name], undefined, 'int32')).dataSync());
  expectClose(last, alone.subarray(3 * 7), SAME);
});

it('scores the same as a stream, compiled too', () => {
  const model = make();
  const rows = [
    [0, 3, 1, 6, 2, 2],
    [0, 4, 4, 1, 1, 5],
  ];
  const whole = rows.map((row) => scores(model, row));
  const stream = model.stream(2);
  const next = compile((tokens: Tensor1D, positions: Tensor1D) => stream.next(tokens, positions));
  for (let t = 0; t < 6; t++) {
    const column = tensor1d([rows[0][t], rows[1][t]], 'int32');
    const found = next.read(column, tensor1d([t, t], 'int32'));
    expectClose(Array.from(found).slice(0, 7), whole[0].subarray(t * 7, t * 7 + 7), SAME);
    expectClose(Array.from(found).slice(7), whole[1].subarray(t * 7, t * 7 + 7), SAME);
  }
  next.dispose();
  stream.dispose();
});

it('leaves no tensor behind when it draws', async () => {
  const model = make();
  await expectNoLeak(() => {
    sample(model, { count: 3, generator: Generator.seeded(1), maxLength: 9, compile });
  });
});

it('learns, and draws names', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { loss, names } = await run('names', 60);
  log.mockRestore();
  write.mockRestore();
  expect(loss).toBeGreaterThan(2);
  expect(loss).toBeLessThan(2.6); // that of single letters is 2.8, of guessing 3.3
  expect(names).toHaveLength(10);
  expect(names.join('')).toMatch(/^[a-z-]+$/);
});
