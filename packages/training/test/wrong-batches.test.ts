import { tensor1d, zeros, type Tensor, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { startBackend } from '@llm101/wasm';
import type { Batch, Dataset, Pass } from '@llm101/data';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  crossEntropy,
  evaluate,
  everyPosition,
  InfiniteLoader,
  NextTokenCounts,
  sgd,
  train,
  type Trainable,
} from '../src/index.js';
import { bigram } from './toy.js';

beforeAll(() => startBackend());

const V = 8;
/** Scores of what follows each row, all alike. */
const byRow: Trainable = {
  parameters: () => [],
  logits: (tokens) => zeros([tokens.shape[0], V]),
};
/** Scores of what follows each position. */
const byPosition = everyPosition({
  parameters: () => [],
  sequenceLogits: (tokens): Tensor3D => zeros([...tokens.shape, V]),
});

/** Two rows of four tokens with `targets` targets. */
const batchOf = (targets: number, change: Partial<Batch> = {}): Batch => ({
  size: 2,
  contextSize: 4,
  inputs: new Int32Array(8),
  targets: new Int32Array(targets),
  ...change,
});

describe('evaluate', () => {
  it.each([
    [byRow, 2],
    [byPosition, 8],
  ])('takes a target for each row of scores', async (model, targets) => {
    const { loss, examples } = await evaluate(model, [batchOf(targets)]);
    expect(examples).toBe(targets);
    expect(loss).toBeCloseTo(Math.log(V), 6);
  });
  // 2 × 8 scores are as many as 8 rows of 2.
  it.each([
    [byRow, 8, '[2, 8] for 8 targets'],
    [byPosition, 2, '[8, 8] for 2 targets'],
  ])('refuses rows of scores cut in pieces', async (model, targets, message) => {
    const wrong = evaluate(model, [batchOf(targets)]);
    await expect(wrong).rejects.toThrow(
      `evaluate: there must be a row of scores for each target; got scores ${message}`,
    );
  });
  it.each<[Partial<Batch>, string]>([
    [{ targets: new Int32Array(3) }, 'a target for each of its 2 rows or 8 positions; got 3'],
    [{ inputs: new Int32Array(6) }, 'a batch must have inputs [2, 4], 8 tokens; got 6'],
    [{ weights: new Float32Array(1) }, 'a weight for each of its 2 targets; got 1'],
    [{ weights: Float32Array.of(1, NaN) }, 'weights must be finite and at least 0; got NaN'],
    [{ weights: Float32Array.of(1, -1) }, 'weights must be finite and at least 0; got -1'],
    [{ targets: Int32Array.of(0, V) }, 'evaluate: targets must be from 0 to 7'],
    [{ targets: Int32Array.of(0, -1) }, 'evaluate: targets must be from 0 to 7'],
    [{ size: 0 }, 'size of a batch must be a whole number of at least 1; got 0'],
  ])('refuses a batch with %o', async (change, message) => {
    const wrong = evaluate(byRow, [batchOf(2, change)]);
    await expect(wrong).rejects.toThrow(RangeError);
    await expect(evaluate(byRow, [batchOf(2, change)])).rejects.toThrow(message);
  });
  it('refuses scores that are no matrix, and counts of another vocabulary', async () => {
    const logits = (): Tensor => zeros([2, 4, V]);
    const cube: Trainable = { ...byRow, logits: () => logits() as Tensor2D };
    await expect(evaluate(cube, [batchOf(2)])).rejects.toThrow('got scores [2, 4, 8]');
    const dataset: Dataset = {
      length: 1,
      contextSize: 1,
      targetsPerRow: 1,
      copyRow: (_row, into, at) => into.fill(1, at, at + 1),
      copyTargets: (_row, into, at) => into.fill(2, at, at + 1),
    };
    await expect(evaluate(byRow, new NextTokenCounts(dataset, 4))).rejects.toThrow(
      'evaluate: the model must score the 4 tokens of the data; got 8 scores a row',
    );
  });
});

describe('train', () => {
  const run = (model: Trainable, batch: Batch) =>
    train({
      model,
      optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
      batches: [batch],
      maxSteps: 1,
    });
  it('refuses targets that its scores are not for', async () => {
    const model = bigram([
      [0, 0],
      [0, 0],
    ]);
    const whole: Batch = {
      size: 1,
      contextSize: 2,
      inputs: new Int32Array(2),
      targets: new Int32Array(2),
    };
    const last: Trainable = { ...model, logits: () => zeros([1, 2]) };
    await expect(run(last, whole)).rejects.toThrow(
      'train: there must be a row of scores for each target; got scores [1, 2] for 2 targets',
    );
    await expect(run(last, { ...whole, weights: new Float32Array(1) })).rejects.toThrow(
      'train: a batch must have a weight for each of its 2 targets; got 1',
    );
  });
});

describe('crossEntropy', () => {
  it('takes no single target for many rows', () => {
    const logits: Tensor2D = zeros([3, V]);
    const targets = tensor1d([1], 'int32');
    expect(() => crossEntropy(logits, targets)).toThrow(
      'crossEntropy: logits must be [N, V], targets and weights [N]; got [3, 8], [1]',
    );
    expect(() => crossEntropy(zeros([1, V]), targets, tensor1d([1, 1]))).toThrow(
      '[1, 8], [1], [2]',
    );
  });
});

describe('InfiniteLoader', () => {
  it('ends with an error where a pass is empty', () => {
    const pass: Pass = {
      length: 3,
      from: () => [],
      [Symbol.iterator]: () => [][Symbol.iterator](),
    };
    const batches = new InfiniteLoader({ pass: () => pass })[Symbol.iterator]();
    expect(() => batches.next()).toThrow('InfiniteLoader: a pass must have a batch; got none');
  });
});

describe('NextTokenCounts', () => {
  const one: Dataset = {
    length: 1,
    contextSize: 2,
    targetsPerRow: 1,
    copyRow: (_row, into, at) => into.set([1, 1], at),
    copyTargets: (_row, into, at) => into.set([1], at),
  };
  it.each<[Partial<Dataset>, string]>([
    [{ copyRow: (_row, into, at) => into.set([1], at) }, 'got NaN in row 0'],
    [{ copyRow: (_row, into, at) => into.set([1, 1, 1], at) }, 'got more of them in row 0'],
    [{ copyRow: (_row, into, at) => into.set([1, 0.5], at) }, 'got 0.5 in row 0'],
    [{ copyTargets: (_row, into, at) => into.set([1.5], at) }, 'targets must be from 0 to 2'],
    [{ copyTargets: () => undefined }, 'targets must be from 0 to 2'],
    [{ length: 0 }, 'length of the data set must be a whole number of at least 1; got 0'],
  ])('refuses a data set with %o', (change, message) => {
    expect(() => new NextTokenCounts({ ...one, ...change }, 3)).toThrow(message);
  });
});
