// Means of weights: what a model is evaluated and saved with, where that isn't what it trains on.
import {
  addN,
  memory,
  ones,
  profile,
  scalar,
  square,
  sum,
  variable,
  type Scalar,
  type Variable,
} from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamw, averageWeights, scheduleFreeAdamW, sgd } from '../src/index.js';
import type { Optimizer } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { cases, CLOSE, DECAYING, makers, problem } from './optimizer-cases.js';
import { Killed, killAt, ToyRun } from './toy-run.js';
import { runOf, started, storedRun } from './workers/runs.js';

beforeAll(() => startBackend());

const averaging = Object.keys(cases).filter((name) => cases[name].evaluated !== undefined);

describe.each(averaging)('%s', (name) => {
  const trained = () => {
    const { weight, bias, loss } = problem();
    const optimizer = makers[name]([weight, bias]);
    const rate = optimizer.learningRate;
    const read = (): number[][] =>
      [weight, bias].map((variable) => Array.from(variable.dataSync()));
    const train = (steps: number): void => {
      for (let n = 0; n < steps; n++) {
        if (DECAYING.has(name)) optimizer.learningRate = rate / (1 + n / 4);
        optimizer.step(loss).dispose();
      }
    };
    return { optimizer, read, train };
  };

  it('is evaluated with the means, and goes on with what it had, to the bit', () => {
    const { optimizer, read, train } = trained();
    train(12);
    const before = read();
    optimizer.toEvaluation?.();
    optimizer.toEvaluation?.(); // changes nothing more
    expectClose(read().flat(), cases[name].evaluated?.flat() ?? [], CLOSE);
    optimizer.toTraining?.();
    expect(read()).toEqual(before);
    optimizer.toTraining?.();
    expect(read()).toEqual(before);
  });

  it('is evaluated as it is before the first step', () => {
    const { optimizer, read } = trained();
    const before = read();
    optimizer.toEvaluation?.();
    expect(read()).toEqual(before);
  });

  it('takes no more memory than a copy, beside what one parameter needs', async () => {
    const many = Array.from({ length: 20 }, () => variable(ones([64, 64])));
    const optimizer = makers[name](many);
    optimizer.step(() => addN(many.map((weight) => sum<Scalar>(square(weight))))).dispose();
    const bytes = many.length * 64 * 64 * 4;
    const before = memory().numBytes;
    const { peakBytes } = await profile(() => optimizer.toEvaluation?.());
    expect((peakBytes - before) / bytes).toBeLessThan(1.5);
  });

  it('keeps no tensor', async () => {
    const { weight, bias, loss } = problem();
    await expectNoLeak(() => {
      const optimizer = makers[name]([weight, bias]);
      optimizer.step(loss).dispose();
      optimizer.toEvaluation?.();
      optimizer.toTraining?.();
      optimizer.toEvaluation?.();
      optimizer.load(optimizer.state());
      optimizer.dispose();
    });
  });
});

it('a mean of means is refused', () => {
  const make = (): Optimizer =>
    averageWeights(scheduleFreeAdamW([variable(scalar(1))], { learningRate: 0.1 }), { decay: 0.9 });
  expect(make).toThrow(
    'averageWeights: the optimizer must be one without a mean of weights of its own; got one that has it',
  );
  expect(() =>
    averageWeights(sgd([variable(scalar(1))], { learningRate: 1 }), { decay: 1 }),
  ).toThrow('averageWeights: decay must be finite and at least 0 and below 1; got 1');
});

it('a state without means is refused, and nothing changes', () => {
  const w = variable(scalar(1));
  const plain = adamw([w], { learningRate: 0.1 });
  plain.step(() => square(w)).dispose();
  const optimizer = averageWeights(adamw([w], { learningRate: 0.1 }), { decay: 0.5 });
  const before = optimizer.state();
  expect(() => optimizer.load(plain.state())).toThrow(
    'averageWeights: average.step of a state must be F32 []; got nothing',
  );
  expect(optimizer.state()).toEqual(before);
  expect(() => plain.load(before)).toThrow('adamw: a state must hold nothing else than');
});

const optimizers: Readonly<Record<string, (parameters: Variable[]) => Optimizer>> = {
  'schedule-free': (p) => scheduleFreeAdamW(p, { learningRate: 0.1 }),
  averaged: (p) => averageWeights(adamw(p, { learningRate: 0.1 }), { decay: 0.9 }),
};

describe.each(Object.entries(optimizers))('a run, %s', (name, make) => {
  it('takes the same steps with any number of validations and samples', async () => {
    const [run, other] = [new ToyRun(make), new ToyRun(make)];
    const drawn: number[][] = [];
    const drawSamples = (): string[] => {
      drawn.push(run.weights);
      return [];
    };
    await run.train({ compile, valInterval: 3, sampleInterval: 5, drawSamples });
    await other.train({ compile, valInterval: 0 });
    expect(run.losses).toEqual(other.losses);
    expect(run.weights).toEqual(other.weights);
    expect(drawn.at(-1)).toEqual(run.weights);
    expect(run.optimizer.state()).toEqual(other.optimizer.state());
    run.optimizer.toTraining?.();
    expect(run.weights).not.toEqual(other.weights);
  });

  it('measures the means: validations are those of a model that has them', async () => {
    const run = new ToyRun(make);
    const { valLoss } = await run.train({ compile, valInterval: 40 });
    const loss = await run.evaluate();
    expect(valLoss).toBe(loss);
  });

  it.each([2, 7, 26])('cut short at step %i ends as the unbroken one', async (step) => {
    for (const patience of [0, 30]) {
      const straight = new ToyRun(make);
      await straight.train({ compile, patience });
      const store = memoryStore();
      const first = new ToyRun(make);
      const checkpoints = first.checkpoints(store);
      await expect(
        first.train({ compile, patience, checkpoints, listeners: [killAt(step)] }),
      ).rejects.toBeInstanceOf(Killed);
      const second = new ToyRun(make);
      await second.train({ compile, patience, checkpoints: second.checkpoints(store) });
      expect(second.weights).toEqual(straight.weights);
      expect(second.optimizer.state()).toEqual(straight.optimizer.state());
    }
  });

  it('goes on with the same model and optimizer where a run before has ended', async () => {
    const [whole, halves] = [new ToyRun(make), new ToyRun(make)];
    await whole.train({ compile, valInterval: 0 });
    await halves.train({ compile, valInterval: 0, maxSteps: 17 });
    const schedule = (n: number): number => 0.05 * (1 + Math.cos((Math.PI * (n + 17)) / 40));
    await halves.train({ compile, valInterval: 0, maxSteps: 23, schedule });
    expectClose(halves.weights, whole.weights, { absolute: 1e-6 });
  });

  it('has the same bytes whatever the number of workers', async () => {
    const settings = { kind: 'noisy', optimizer: name } as Parameters<typeof runOf>[0];
    const how = { valInterval: 2, sampleInterval: 3, drawSamples: () => [] };
    const alone = await runOf(settings, how);
    for (const [count, memory] of [
      [2, 'shared'],
      [4, 'shared'],
      [3, 'copied'],
    ] as const) {
      const workers = await started({ settings }, { count, memory });
      expect(await runOf(settings, { ...how, workers }), `${count}, ${memory}`).toEqual(alone);
      await workers.close();
    }
  });

  it('goes on from a checkpoint on other threads', async () => {
    const settings = { kind: 'noisy', optimizer: name } as Parameters<typeof runOf>[0];
    const how = { maxSteps: 14, valInterval: 5 };
    const unbroken = await storedRun(settings, memoryStore(), how);
    const store = memoryStore();
    await expect(
      storedRun(settings, store, { ...how, listeners: [killAt(8)] }),
    ).rejects.toBeInstanceOf(Killed);
    const workers = await started({ settings }, { count: 3 });
    const rest = await storedRun(settings, store, { ...how, workers });
    expect({ ...rest, losses: [] }).toEqual({ ...unbroken, losses: [] });
  });
});

it('the memory of a run stays as it was', async () => {
  for (const make of Object.values(optimizers)) {
    await expectNoLeak(async () => {
      const run = new ToyRun(make);
      await run.train({ maxSteps: 4, valInterval: 2 });
      run.optimizer.dispose();
      run.model.weight.dispose();
    });
  }
});
