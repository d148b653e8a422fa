import {
  mul,
  scalar,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { ArrayDataset } from '@llm101/data';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy, evaluate, NextTokenCounts, sgd } from '../src/index.js';
import { batchOf, bigram } from './toy.js';

beforeAll(() => startBackend());

describe('crossEntropy', () => {
  const lossOf = (logits: number[][], targets: number[]): number =>
    tidy(() => crossEntropy(tensor2d(logits), tensor1d(targets, 'int32')).dataSync()[0]);

  it('is ln V for equal scores', () => {
    expectClose(lossOf([[3, 3, 3, 3]], [2]), Math.log(4), { absolute: 1e-6 });
  });
  it('is the mean of -log softmax at the targets', () => {
    const logits = [
      [1, 2, 3],
      [0, -1, 0.5],
    ];
    const expected = [
      [0, 2],
      [1, 1],
    ].map(([row, target]) => {
      const total = logits[row].reduce((sum, z) => sum + Math.exp(z), 0);
      return Math.log(total) - logits[row][target];
    });
    expectClose(lossOf(logits, [2, 1]), (expected[0] + expected[1]) / 2, { absolute: 1e-6 });
  });
  it('neither overflows nor underflows', () => {
    expectClose(lossOf([[1000, 0]], [0]), 0, { absolute: 1e-6 });
    expectClose(lossOf([[1000, 0]], [1]), 1000, { relative: 1e-6 });
  });
  it('has the gradient (softmax - one-hot) / B, and that of central differences', () => {
    const logits = variable(
      tensor2d([
        [1, 2, 3],
        [0, -1, 0.5],
      ]),
    );
    const targets = tensor1d([2, 1], 'int32');
    const { grads } = variableGrads(() => crossEntropy(logits, targets));
    const gradient = grads[logits.name].dataSync();
    const values = Float32Array.from(logits.dataSync());
    const softmax = [
      [1, 2, 3],
      [0, -1, 0.5],
    ].flatMap((row) => {
      const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
      return row.map((z) => Math.exp(z) / total);
    });
    const oneHot = [0, 0, 1, 0, 1, 0];
    expectClose(
      gradient,
      softmax.map((p, i) => (p - oneHot[i]) / 2),
      { absolute: 1e-6 },
    );
    const numeric = numericGradient(
      (x) => lossOf([[...x.subarray(0, 3)], [...x.subarray(3)]], [2, 1]),
      values,
    );
    expectClose(gradient, numeric, { absolute: 1e-3 }); // the step of 0.01 leaves terms of its square
  });
  it('weighs examples, and leaves out those that weigh 0', () => {
    const logits = variable(
      tensor2d([
        [1, 2, 3],
        [0, -1, 0.5],
        [2, 2, 9],
      ]),
    );
    const weighed = (weights: number[]) =>
      variableGrads(() => crossEntropy(logits, tensor1d([2, 1, 0], 'int32'), tensor1d(weights)));
    const first = lossOf([[1, 2, 3]], [2]);
    const second = lossOf([[0, -1, 0.5]], [1]);
    const { value, grads } = weighed([1, 3, 0]);
    expectClose(value.dataSync(), [(first + 3 * second) / 4], { absolute: 1e-6 });
    const gradient = grads[logits.name].dataSync();
    expectClose(gradient.slice(6), [0, 0, 0], { absolute: 0 });
    const alone = weighed([0, 1, 0]).grads[logits.name].dataSync();
    const expected = alone.slice(3, 6).map((g) => (g * 3) / 4);
    expectClose(gradient.slice(3, 6), expected, { absolute: 1e-6 });
  });
});

describe('sgd', () => {
  it('steps against the gradient and returns the loss before the step', () => {
    const w = variable(scalar(3));
    const optimizer = sgd([w], { learningRate: 0.1 });
    const square = (): Scalar => mul(w, w);
    expectClose(
      tidy(() => optimizer.step(square).dataSync()[0]),
      9,
      { absolute: 1e-6 },
    );
    expectClose(w.dataSync(), [3 - 0.1 * 6], { absolute: 1e-6 });
    optimizer.learningRate = 1;
    tidy(() => void optimizer.step(square));
    expectClose(w.dataSync(), [2.4 - 4.8], { absolute: 1e-6 });
  });
  it('leaves other variables alone and no tensor behind', async () => {
    const w = variable(scalar(3));
    const other = variable(scalar(5));
    const optimizer = sgd([w], { learningRate: 0.1 });
    await expectNoLeak(() => optimizer.step(() => mul(w, other)).dispose());
    expect(other.dataSync()[0]).toBe(5);
  });
  it.each([0, -1, NaN, Infinity])('refuses a learning rate of %d', (learningRate) => {
    expect(() => sgd([variable(scalar(0))], { learningRate })).toThrow(
      `sgd: learningRate must be finite and above 0; got ${learningRate}`,
    );
  });
  it('refuses to train nothing', () => {
    expect(() => sgd([], { learningRate: 1 })).toThrow('sgd: there must be at least one parameter');
  });
});

describe('evaluate', () => {
  const scores = [
    [Math.log(0.5), Math.log(0.5)],
    [Math.log(0.75), Math.log(0.25)],
  ];
  it('weighs windows, not batches', async () => {
    const pairs: [number, number][] = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [1, 0],
    ];
    const together = await evaluate(bigram(scores), [batchOf(...pairs)]);
    const apart = await evaluate(bigram(scores), [
      batchOf(...pairs.slice(0, 4)),
      batchOf(pairs[4]),
    ]);
    const loss = -(2 * Math.log(0.5) + 2 * Math.log(0.75) + Math.log(0.25)) / 5;
    for (const evaluation of [together, apart]) {
      expect(evaluation.examples).toBe(5);
      expect(evaluation.accuracy).toBe(0.6); // the first of equal scores counts
      expectClose(evaluation.loss, loss, { absolute: 1e-6 });
      expectClose(evaluation.perplexity, Math.exp(loss), { relative: 1e-6 });
      expectClose(evaluation.bitsPerToken, loss / Math.log(2), { relative: 1e-6 });
    }
  });
  it('leaves no tensor behind', async () => {
    const model = bigram(scores);
    await expectNoLeak(() => evaluate(model, [batchOf([0, 1])]));
  });
  it('reports its progress', async () => {
    const reported: unknown[] = [];
    const onProgress = (scored: number, total: number | undefined): number =>
      reported.push([scored, total]);
    const model = bigram(scores);
    await evaluate(model, [batchOf([0, 0], [0, 1]), batchOf([1, 0])], { onProgress });
    const dataset = new ArrayDataset(batchOf([0, 0], [0, 1], [1, 0]));
    const windows = new NextTokenCounts(dataset, 2);
    await evaluate(model, windows, { onProgress });
    expect(reported).toEqual([
      [2, undefined],
      [3, undefined],
      [2, 2], // of the distinct contexts
    ]);
  });
  it('needs a batch', async () => {
    await expect(evaluate(bigram(scores), [])).rejects.toThrow(
      'evaluate: there must be at least one batch',
    );
  });
  it('says when the model has diverged', async () => {
    await expect(
      evaluate(
        bigram([
          [NaN, 0],
          [0, 0],
        ]),
        [batchOf([0, 0])],
      ),
    ).rejects.toThrow('evaluate: the loss must be a number; got NaN');
  });
});
