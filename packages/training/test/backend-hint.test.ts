import { startBackend } from '@llm101/wasm';
import { add, engine, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { interpret, runOnBatch, stepOf } from '../src/index.js';
import { withBackendHint } from '../src/step/backend-hint.js';

beforeAll(() => startBackend());

const HINT = 'await startBackend() of @llm101/wasm before training';

it('names startBackend where a step needs a kernel that the backend lacks', () => {
  const model = {
    parameters: () => [],
    logits: (tokens: Tensor2D) => engine().runKernel<Tensor2D>('NoSuchKernel', { tokens }),
  };
  const step = interpret(stepOf(model, { step: (loss) => loss() }));
  const batch = { inputs: Int32Array.of(1), targets: Int32Array.of(1), size: 1, contextSize: 1 };
  expect(() => runOnBatch(step, batch)).toThrow(
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
