// Models that change under a compiled step, by what is no variable: the run ends in an error.
import { mul, variable, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate, findLearningRate, sgd, train } from '../src/index.js';
import type { TrainingListener } from '../src/index.js';
import { batchOf, bigram, forever } from './toy.js';

beforeAll(() => startBackend());

const batch = batchOf([0, 1], [1, 2], [2, 0]);

/** A bigram whose scores are scaled by a number. */
function scaled() {
  const inner = bigram([
    [0, 1, -1],
    [2, 0, 0],
    [0, 0, 1],
  ]);
  return {
    scale: 1,
    parameters: () => inner.parameters(),
    logits(tokens: Tensor2D): Tensor2D {
      return mul<Tensor2D>(inner.logits(tokens), this.scale);
    },
  };
}

const CHANGED =
  'compile: a tensor made within the step changes from call to call (float32 in Multiply: 1, then 2)';

describe('a model that changes', () => {
  it.each([2, 9, 29, 30])('after step %i of 30 ends the training in an error', async (changed) => {
    const model = scaled();
    const steps: number[] = [];
    const listener: TrainingListener = (event) => {
      if (event.type !== 'step') return;
      steps.push(event.step);
      if (event.step === changed) model.scale = 2;
    };
    const run = train({
      model,
      optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
      batches: forever(batch),
      maxSteps: 30,
      compile,
      listeners: [listener],
    });
    await expect(run).rejects.toThrow(CHANGED);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(changed);
  });

  it('between two validations is found at the second', async () => {
    const model = scaled();
    const seen: string[] = [];
    const run = train({
      model: {
        ...model,
        logits(tokens, mode) {
          if (mode === 'training') return model.logits(tokens);
          return mul<Tensor2D>(model.logits(tokens), model.scale);
        },
      },
      optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
      batches: forever(batch),
      maxSteps: 6,
      validation: [batch],
      valInterval: 1,
      compile,
      listeners: [
        (event) => {
          seen.push(event.type);
          if (event.type === 'validation' && event.step === 3) model.scale = 2;
        },
      ],
    });
    await expect(run).rejects.toThrow(CHANGED);
    expect(seen.filter((type) => type === 'validation').length).toBeLessThan(6);
  });

  it('is measured anew by each evaluation', async () => {
    const model = scaled();
    const [first, again] = [await evaluate(model, [batch], { compile }), scaled()];
    again.scale = 2;
    const second = await evaluate(again, [batch], { compile });
    expect(second.loss).not.toBe(first.loss);
  });

  it('ends a search for a learning rate in an error', async () => {
    const model = scaled();
    const search = findLearningRate({
      model,
      optimizer: sgd(model.parameters(), { learningRate: 0.1 }),
      batches: forever(batch),
      from: 1e-4,
      to: 1e-3,
      steps: 20,
      compile,
      onStep: (_, n) => {
        if (n === 18) model.scale = 2;
      },
    });
    await expect(search).rejects.toThrow(CHANGED);
  });
});

it('a model whose state is a variable trains on', async () => {
  const inner = scaled();
  const scale = variable(tensor2d([[1]]), false);
  const model = {
    parameters: () => inner.parameters(),
    logits: (tokens: Tensor2D) => mul<Tensor2D>(inner.logits(tokens), scale),
  };
  const losses: number[] = [];
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 1e-9 }),
    batches: forever(batch),
    maxSteps: 20,
    compile,
    listeners: [
      (event) => {
        if (event.type !== 'step') return;
        losses.push(event.batchLoss);
        if (event.step === 10) scale.assign(tensor2d([[2]]));
      },
    ],
  });
  expect(losses[10]).not.toBeCloseTo(losses[9], 3);
  expect(losses[19]).toBeCloseTo(losses[10], 3);
});
