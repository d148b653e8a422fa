import { mul } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamw, findLearningRate, type RatePoint } from '../src/index.js';
import { steepestRate } from '../src/loop/find-learning-rate.js';
import { batchOf, bigram, forever } from './toy.js';

beforeAll(() => startBackend());

const setUp = () => {
  const model = bigram([
    [1, 0, -1],
    [0, 2, 0],
    [0, 0, 1],
  ]);
  const optimizer = adamw(model.parameters(), { learningRate: 0.02 });
  const batches = forever(batchOf([0, 1], [1, 2]), batchOf([2, 0]));
  return { model, optimizer, batches };
};

describe('findLearningRate', () => {
  it.each([
    ['as it is', {}],
    ['compiled', { compile }],
  ])('finds a rate and leaves all as it was, %s', async (_, options) => {
    const { model, optimizer, batches } = setUp();
    const before = [...model.weight.dataSync()];
    const state = optimizer.state();
    const { points, suggestion } = await findLearningRate({
      model,
      optimizer,
      batches,
      ...options,
    });
    expect([...model.weight.dataSync()]).toEqual(before);
    expect(optimizer.state()).toEqual(state);
    expect(optimizer.learningRate).toBe(0.02);
    expect(points[0].learningRate).toBe(1e-5);
    expectClose(points[1].learningRate / points[0].learningRate, 1e6 ** (1 / 199), {
      relative: 1e-12,
    });
    expect(points[0].loss).toBeCloseTo(points[0].batchLoss, 12);
    expect(suggestion).toBeGreaterThan(1e-3);
    expect(suggestion).toBeLessThan(10);
  });
  it('puts all back where a step fails, and where it is stopped', async () => {
    const { model, optimizer, batches } = setUp();
    const before = [...model.weight.dataSync()];
    const onStep = (_: RatePoint, step: number): void => {
      if (step === 30) throw new Error('enough');
    };
    await expect(findLearningRate({ model, optimizer, batches, onStep })).rejects.toThrow('enough');
    expect([...model.weight.dataSync()]).toEqual(before);
    const signal = AbortSignal.abort();
    const { points } = await findLearningRate({
      model,
      optimizer,
      batches: forever(batchOf([0, 1])),
      signal,
    });
    expect(points).toHaveLength(1);
  });
  it('ends where the loss is no number any more', async () => {
    const { model, optimizer, batches } = setUp();
    const logits = model.logits.bind(model);
    let calls = 0;
    model.logits = (tokens) => mul(logits(tokens), ++calls === 20 ? NaN : 1);
    const { points } = await findLearningRate({ model, optimizer, batches });
    expect(points).toHaveLength(19);
  });
  it.each([
    ['rates that are lost in rounding', { from: 1e-30, to: 1e-29 }, 'unchanged'],
    ['rates that change less than batches differ', { from: 1e-9, to: 1e-8 }, 'unchanged'],
    ['rates that are too high from the first on', { from: 1e3, to: 1e6, steps: 50 }, 'diverges'],
    ['too few steps for a slope', { steps: 10 }, 'too few steps'],
    ['rates that are worth trying', {}, 'falls'],
  ] as const)('says what comes of %s', async (_, range, expected) => {
    const { model, optimizer, batches } = setUp();
    const { finding, suggestion } = await findLearningRate({ model, optimizer, batches, ...range });
    expect(finding).toBe(expected);
    expect(suggestion !== undefined).toBe(expected === 'falls');
  });
  it('leaves no tensor behind', async () => {
    const { model, optimizer } = setUp();
    await expectNoLeak(() =>
      findLearningRate({ model, optimizer, batches: forever(batchOf([0, 1])), steps: 5 }),
    );
  });
  it('refuses rates that do not grow, and losses that are no numbers at once', async () => {
    const { model, optimizer, batches } = setUp();
    await expect(findLearningRate({ model, optimizer, batches, from: 1, to: 0.1 })).rejects.toThrow(
      'findLearningRate: to must be above from, 1; got 0.1',
    );
    const logits = model.logits.bind(model);
    model.logits = (tokens) => mul(logits(tokens), NaN);
    await expect(findLearningRate({ model, optimizer, batches })).rejects.toThrow(
      'findLearningRate: the loss of the first batch must be a finite number',
    );
  });
});

describe('steepestRate', () => {
  const curve = (f: (x: number) => number): RatePoint[] =>
    Array.from({ length: 81 }, (_, i) => {
      const x = -5 + i / 13;
      return { learningRate: 10 ** x, loss: f(x), batchLoss: 0 };
    });
  it('finds the steepest point of a curve', () => {
    const found = steepestRate(curve((x) => -Math.tanh(x + 2))); // steepest at 10^-2
    expectClose(Math.log10(found ?? NaN), -2, { absolute: 1 / 13 }); // a point's distance
  });
  it('takes as many points as there are', () => {
    const many = Array.from({ length: 300_000 }, (_, i) => ({
      learningRate: 10 ** (i / 1e5 - 5),
      loss: 3 - i / 1e6,
      batchLoss: 3,
    }));
    expect(steepestRate(many)).toBeGreaterThan(0);
  });
  it('finds none where the loss only rises, or in too few points', () => {
    expect(steepestRate(curve((x) => x))).toBeUndefined();
    expect(steepestRate(curve((x) => -x).slice(0, 8))).toBeUndefined();
  });
});
