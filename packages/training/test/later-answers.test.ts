// Steps that are computed elsewhere, as on a GPU: a run says and saves what one computed here does, to the bit.
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adamw,
  averageWeights,
  evaluate,
  everyPosition,
  findLearningRate,
  NextTokenCounts,
  scheduleFreeAdamW,
  sgd,
} from '../src/index.js';
import { ArrayDataset } from '@llm101/data';
import type {
  Compile,
  LearningRateSearch,
  Optimizer,
  TrainingEvent,
  Workers,
} from '../src/index.js';
import { Elsewhere } from './elsewhere.js';
import { NoisyRun, untimed } from './noisy-run.js';
import { forever } from './toy.js';
import { ToyRun } from './toy-run.js';
import { randomBatch } from './workers/batches.js';
import type { NoisyModel } from './workers/replicas.mjs';

beforeAll(() => startBackend());

const optimizers: Readonly<
  Record<string, (parameters: ReturnType<NoisyModel['parameters']>) => Optimizer>
> = {
  AdamW: (parameters) => adamw(parameters, { learningRate: 0.02, clipNorm: 1 }),
  averaged: (parameters) =>
    averageWeights(adamw(parameters, { learningRate: 0.02 }), { decay: 0.8 }),
  'schedule-free': (parameters) => scheduleFreeAdamW(parameters, { learningRate: 0.02 }),
};

describe.each(Object.entries(optimizers))('a run with %s', (_, make) => {
  it('has the events, checkpoints and weights of one computed here', async () => {
    const [here, there] = [new NoisyRun(make), new NoisyRun(make)];
    const device = new Elsewhere();
    await here.train({ compile });
    await there.train({ compile: device.compile });
    expect(there.events).toEqual(here.events);
    expect(there.values).toEqual(here.values);
    expect(there.optimizer.state()).toEqual(here.optimizer.state());
    expect([...there.store.files]).toEqual([...here.store.files]);
    expect(device.mostUnderWay).toBe(4);
  });
});

describe('steps under way', () => {
  it('are four at most, and variables are brought back where something looks at them alone', async () => {
    const device = new Elsewhere();
    const run = new ToyRun();
    let known = 0;
    let most = 0;
    const listener = (event: TrainingEvent): void => {
      if (event.type !== 'step') return;
      known = event.step;
      most = Math.max(most, device.calls - known);
    };
    await run.train({ compile: device.compile, valInterval: 0, listeners: [listener] });
    expect(known).toBe(40);
    expect(most).toBe(3);
    expect(device.mostUnderWay).toBe(4);
    expect(device.syncs).toBe(1);
    const here = new ToyRun();
    await here.train({ compile, valInterval: 0 });
    expect(run.weights).toEqual(here.weights);
  });

  it.each([1, 6, 8])('end with a signal at step %i, as if it had come at the last', async (at) => {
    const stop = new AbortController();
    const there = new NoisyRun();
    await there.train({
      compile: new Elsewhere().compile,
      signal: stop.signal,
      listeners: [
        (event) => {
          there.events.push(untimed(event));
          if (event.type === 'step' && event.step === at) stop.abort();
        },
      ],
    });
    const last = there.events[there.events.length - 1];
    expect(last).toMatchObject({ type: 'end', reason: 'stopped' });
    const { step } = last as Extract<TrainingEvent, { type: 'end' }>;
    expect(step).toBeGreaterThanOrEqual(at);
    expect(step).toBeLessThan(at + 4);
    const again = new AbortController();
    const here = new NoisyRun();
    await here.train({
      compile,
      signal: again.signal,
      listeners: [
        (event) => {
          here.events.push(untimed(event));
          if (event.type === 'step' && event.step === step) again.abort();
        },
      ],
    });
    expect(there.events).toEqual(here.events);
    expect(there.values).toEqual(here.values);
    expect([...there.store.files]).toEqual([...here.store.files]);
  });

  it('are waited for where the caller is called, when it asks for that alone', async () => {
    const looked: number[][] = [];
    const there = new ToyRun();
    const device = new Elsewhere();
    await there.train({
      compile: device.compile,
      isBetweenDue: (step) => step % 10 === 3,
      async between({ step }) {
        looked.push([step, ...there.weights]);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const expected: number[][] = [];
    const here = new ToyRun();
    await here.train({
      compile,
      between({ step }) {
        if (step === 0 || step % 10 === 3) expected.push([step, ...here.weights]);
        return undefined;
      },
    });
    expect(looked).toEqual(expected);
    expect(device.mostUnderWay).toBe(4);
    expect(there.weights).toEqual(here.weights);
  });

  it('are known before a loss that isn’t finite ends the run, and it names its step', async () => {
    const endOf = async (
      compiler: Compile,
    ): Promise<{ error: unknown; events: TrainingEvent[] }> => {
      const run = new NoisyRun((parameters) => sgd(parameters, { learningRate: 0.1 }));
      const schedule = (done: number): number => (done > 6 ? 1e38 : 0.1);
      const error: unknown = await run
        .train({ compile: compiler, schedule })
        .catch((failure: unknown) => failure);
      return { error, events: run.events };
    };
    const here = await endOf(compile);
    const there = await endOf(new Elsewhere().compile); // not beside it: that copies all variables that there are
    expect(here.error).toMatchObject({ name: 'DivergenceError', step: 9 });
    expect(there.error).toEqual(here.error);
    const withoutModel = (event: TrainingEvent): object => ({ ...event, modelStep: 0 });
    expect(there.events.map(withoutModel)).toEqual(here.events.map(withoutModel));
  });

  it('end with a listener’s error, and the model says which it has seen', async () => {
    const there = new NoisyRun();
    const failing = (event: TrainingEvent): void => {
      there.events.push(event);
      if (event.type === 'step' && event.step === 2) throw new Error('no room');
    };
    const run = there.train({ compile: new Elsewhere().compile, listeners: [failing] });
    await expect(run).rejects.toThrow('no room');
    const end = there.events[there.events.length - 1];
    expect(end).toMatchObject({ type: 'end', step: 2, reason: 'failed', modelStep: 5 });
    const here = new NoisyRun();
    await here.train({ compile, maxSteps: 5 });
    expect(there.values).toEqual(here.values);
  });
});

describe('a device that is lost', () => {
  it('ends the run at the step, with its checkpoints; the model is as it was brought last', async () => {
    const straight = new NoisyRun();
    await straight.train({ compile });
    const there = new NoisyRun();
    const device = new Elsewhere({ lostAt: 42 }); // step 23: validations have 4 calls each, looks one
    await expect(there.train({ compile: device.compile })).rejects.toThrow('the device was lost');
    const end = there.events[there.events.length - 1];
    expect(end).toMatchObject({ type: 'end', reason: 'failed', checkpoints: { failed: 0 } });
    const { step, modelStep, checkpoints } = end as Extract<TrainingEvent, { type: 'end' }>;
    expect(checkpoints?.lastStep).toBe(20);
    expect(step).toBe(22);
    expect(modelStep).toBe(21); // when samples were drawn
    const seen = straight.events.filter(({ type }) => type === 'step').slice(0, step);
    expect(there.events.filter(({ type }) => type === 'step')).toEqual(seen);
    const again = new NoisyRun();
    await again.train({ compile: new Elsewhere().compile }, there.store);
    expect(again.values).toEqual(straight.values);
  });

  it('ends a run whose first call it is', async () => {
    const run = new ToyRun();
    const events: TrainingEvent[] = [];
    const before = run.weights;
    const { compile: lost } = new Elsewhere({ lostAt: 1 });
    const training = run.train({ compile: lost, listeners: [(event) => void events.push(event)] });
    await expect(training).rejects.toThrow('the device was lost');
    expect(run.weights).toEqual(before);
    expect(events[events.length - 1]).toMatchObject({ type: 'end', step: 0, reason: 'failed' });
  });
});

describe('elsewhere', () => {
  it.each([
    [{ shards: 2 }, 'a batch that is compiled must stay whole'],
    [{ accumulate: 2 }, 'a batch that is compiled must stay whole'],
  ])('batches stay whole: %j', async (cut, message) => {
    const training = new ToyRun().train({ compile: new Elsewhere().compile, ...cut });
    await expect(training).rejects.toThrow(message);
  });

  it('an evaluation has the figures of one here, with some parts under way', async () => {
    const { model } = new NoisyRun();
    const scored = everyPosition(model);
    const batches = [5, 3, 5, 1, 4, 5, 2].map((rows) => randomBatch(rows, true));
    const device = new Elsewhere();
    const progress: number[][] = [[], []];
    expect(
      await evaluate(scored, batches, {
        compile: device.compile,
        onProgress: (n) => progress[0].push(n),
      }),
    ).toEqual(await evaluate(scored, batches, { compile, onProgress: (n) => progress[1].push(n) }));
    expect(progress[0]).toEqual(progress[1]);
    expect(device.mostUnderWay).toBeGreaterThan(1);
    expect(device.mostUnderWay).toBeLessThan(5);
  });

  it('nothing is scored by threads', async () => {
    const { model } = new ToyRun();
    const workers: Workers = {
      count: 2,
      memory: 'copied',
      load: () => Promise.reject(new Error('load')),
      async *map() {},
      close: () => Promise.resolve(),
    };
    const evaluation = evaluate(model, [], { compile: new Elsewhere().compile, workers });
    await expect(evaluation).rejects.toThrow('scores without threads; leave workers out');
  });

  it('counted contexts are scored too', async () => {
    const { model } = new ToyRun();
    const inputs = Int32Array.from({ length: 40 }, (_, i) => (i * i) % 3);
    const targets = Int32Array.from({ length: 40 }, (_, i) => (i * 7 + 1) % 3);
    const counts = new NextTokenCounts(new ArrayDataset({ contextSize: 1, inputs, targets }), 3);
    const found = await evaluate(model, counts, { compile: new Elsewhere().compile });
    expect(found).toEqual(await evaluate(model, counts, { compile }));
  });

  it('a learning rate is found, and all restored', async () => {
    const search = async (compiler: Compile): Promise<LearningRateSearch> => {
      const run = new NoisyRun();
      const before = run.values;
      const found = await findLearningRate({
        model: everyPosition(run.model),
        optimizer: run.optimizer,
        batches: forever(randomBatch(5, true), randomBatch(3, true)),
        steps: 14,
        compile: compiler,
      });
      expect(run.values).toEqual(before);
      return found;
    };
    const here = await search(compile);
    expect(await search(new Elsewhere().compile)).toEqual(here);
  });
});
