import { startBackend } from '@llm101/wasm';
import { add, engine, tensor1d, tensor2d, variable } from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpret, runOnBatch, sgd, stepOf, watchParameters } from '../src/index.js';
import type { Optimizer } from '../src/index.js';
import { withBackendHint } from '../src/backend-hint.js';

beforeAll(() => startBackend());

const HINT = 'await startBackend() of @llm101/wasm before training';
const BATCH = { inputs: Int32Array.of(1), targets: Int32Array.of(1), size: 1, contextSize: 1 };

it('names startBackend where a step needs a kernel that the backend lacks', () => {
  const model = {
    parameters: () => [],
    logits: (tokens: Tensor2D) => engine().runKernel<Tensor2D>('NoSuchKernel', { tokens }),
  };
  const step = interpret(stepOf(model, { step: (loss) => loss() }));
  expect(() => runOnBatch(step, BATCH)).toThrow(
    `Kernel 'NoSuchKernel' not registered for backend 'wasm'; ${HINT}`,
  );
});

it.each([
  'Cannot compute gradient: gradient function not found for GatherV2.',
  'No backend found in registry.',
])('and where tfjs says: %s', (message) => {
  const lacking = (): never => {
    throw new Error(message);
  };
  expect(() => withBackendHint(lacking)).toThrow(`${message.slice(0, -1)}; ${HINT}`);
});

it('leaves other errors and results as they are', () => {
  const other = new Error('Kernel panic');
  expect(() =>
    withBackendHint(() => {
      throw other;
    }),
  ).toThrow(other);
  const sums = withBackendHint(() => add(tensor2d([[1]]), tensor1d([2])));
  expect(sums.dataSync()[0]).toBe(3);
});

it('says so once, where work is within other work', () => {
  const twice = (): never =>
    withBackendHint(() =>
      withBackendHint(() => {
        throw new Error('No backend found in registry.');
      }),
    );
  expect(twice).toThrow(/^No backend found in registry; await startBackend\(\)[^;]+$/);
});

describe('where a gradient is missing', () => {
  const lacking = (): never => {
    throw new Error('Cannot compute gradient: gradient function not found for Strange.');
  };
  const weights = (): Variable[] => [variable(tensor1d([1]))];
  const optimizer = (): Optimizer => sgd(weights(), { learningRate: 0.1 });

  it.each<[string, () => unknown]>([
    ['step', () => optimizer().step(lacking)],
    ['gradients', () => optimizer().gradients(lacking)],
    [
      'watchParameters',
      () => watchParameters({ parameters: weights, logits: lacking }).look(BATCH),
    ],
  ])('%s says so too', (_, work) => {
    expect(work).toThrow(`gradient function not found for Strange; ${HINT}`);
  });
});
