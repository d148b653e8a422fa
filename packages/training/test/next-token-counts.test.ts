import { zeros } from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { startBackend } from '@llm101/wasm';
import { beforeAll, expect, it } from 'vitest';
import { ArrayDataset } from '@llm101/data';
import { evaluate, NextTokenCounts, type Trainable } from '../src/index.js';
import { batchOf, bigram } from './toy.js';

beforeAll(() => startBackend());

const pairs: [number, number][] = [
  [0, 1],
  [2, 0],
  [0, 1],
  [0, 2],
  [2, 0],
];
const { targets } = batchOf(...pairs);
const dataset = new ArrayDataset(batchOf(...pairs));

it('holds each context once, with how often each symbol follows', () => {
  const counts = new NextTokenCounts(dataset, 3);
  expect([...counts.contexts(0, counts.length)]).toEqual([0, 2]);
  expect([...counts.firstFollower]).toEqual([0, 2, 3]);
  expect([...counts.followers]).toEqual([1, 2, 0]);
  expect([...counts.times]).toEqual([2, 1, 2]);
});

it('takes contexts of any length', () => {
  const contextSize = 200_000;
  const inputs = new Int32Array(3 * contextSize);
  inputs[inputs.length - 1] = 1;
  const counts = new NextTokenCounts(
    new ArrayDataset({ inputs, targets: targets.slice(0, 3), contextSize }),
    3,
  );
  expect(counts.length).toBe(2);
});

it('gives the evaluation of the windows one by one', async () => {
  const model = bigram([
    [0.5, -1, 2],
    [0, 0, 0],
    [3, 1, -2],
  ]);
  const each = await evaluate(model, [batchOf(...pairs)]);
  const counted = await evaluate(model, new NextTokenCounts(dataset, 3));
  expect(counted.examples).toBe(5);
  expect(counted.accuracy).toBe(each.accuracy);
  expectClose(counted.loss, each.loss, { absolute: 1e-15 }); // double sums, in another order
});

it('takes more contexts than fit into one chunk', async () => {
  const length = 2345;
  const many = new ArrayDataset({
    inputs: Int32Array.from({ length: length * 2 }, (_, i) => (i % 2 ? i % 97 : i)),
    targets: Int32Array.from({ length }, (_, i) => i % 3),
    contextSize: 2,
  });
  const counts = new NextTokenCounts(many, 3);
  expect(counts.length).toBe(length);
  const model: Trainable = {
    parameters: () => [],
    logits: (tokens) => zeros([tokens.shape[0], 3]),
  };
  const { loss, examples } = await evaluate(model, counts);
  expect(examples).toBe(length);
  expectClose(loss, Math.log(3), { absolute: 1e-7 }); // log-probabilities are float32
});

it('refuses targets that the vocabulary lacks', () => {
  expect(() => new NextTokenCounts(dataset, 2)).toThrow(
    "NextTokenCounts: targets must be from 0 to 1, 1 a row; got 2 in row 3, pass the tokenizer's vocabSize",
  );
});
