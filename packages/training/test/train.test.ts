import { memory, mul, type Tensor } from '@tensorflow/tfjs-core';
import { ArrayDataset, DataLoader, RandomLoader } from '@llm101/data';
import { Generator, randint } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../src/step/compile.js';
import {
  cosineDecay,
  DivergenceError,
  InfiniteLoader,
  RunningMean,
  sgd,
  stepOf,
  train,
  runOnBatch,
  warmUp,
} from '../src/index.js';
import type { Metrics, TrainingEvent, TrainOptions } from '../src/index.js';
import { batchOf, bigram, forever } from './toy.js';

beforeAll(() => startBackend());

const zeros = [
  [0, 0],
  [0, 0],
];

/** Trains a bigram model and returns what happened. */
async function run(options: Partial<TrainOptions> = {}): Promise<{
  metrics?: Metrics;
  error?: unknown;
  events: TrainingEvent[];
}> {
  const model = bigram(zeros);
  const events: TrainingEvent[] = [];
  const result = train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 1 }),
    batches: forever(batchOf([0, 1], [1, 0]), batchOf([0, 1])),
    maxSteps: 10,
    listeners: [(event) => events.push(event)],
    ...options,
  });
  return result.then(
    (metrics) => ({ metrics, events }),
    (error: unknown) => ({ error, events }),
  );
}

/** The events in short: `step 1`, `log 2`. */
const outline = (events: TrainingEvent[]): string[] =>
  events.map((event) => {
    if (event.type === 'start') return `start ${event.maxSteps}`;
    if (event.type === 'log') return `log ${event.metrics.step}`;
    return `${event.type} ${event.step}${event.type === 'end' ? ` ${event.reason}` : ''}`;
  });

describe('train', () => {
  it('lowers the loss and logs the running mean', async () => {
    const { metrics, events } = await run({ logInterval: 3 });
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.batchLoss] : []));
    expectClose(losses[0], Math.LN2, { absolute: 1e-6 });
    expect(losses[9]).toBeLessThan(losses[0] / 2);
    expect(metrics).toMatchObject({ step: 10, batchLoss: losses[9], learningRate: 1 });
    expectClose(metrics?.trainLoss ?? NaN, losses.reduce((a, b) => a + b) / 10, {
      absolute: 1e-12,
    });
    expect(metrics?.stepsPerSecond).toBeGreaterThan(0);
  });
  it('reports what happens in order, the last step always logged', async () => {
    const { events } = await run({
      maxSteps: 5,
      logInterval: 2,
      valInterval: 3,
      validation: [batchOf([0, 1])],
    });
    expect(outline(events)).toEqual([
      'start 5',
      'step 1',
      'step 2',
      'log 2',
      'step 3',
      'validating 3',
      'validation 3',
      'log 3',
      'step 4',
      'log 4',
      'step 5',
      'log 5',
      'end 5 finished',
    ]);
    const logged = events.flatMap((event) => (event.type === 'log' ? [event.metrics] : []));
    expect(logged.map((metrics) => 'valLoss' in metrics)).toEqual([false, true, false, false]);
  });
  it('gives each step its rate by the schedule, compiled or not', async () => {
    const schedule = warmUp(3, cosineDecay({ learningRate: 1, steps: 7 }));
    const byHand = bigram(zeros);
    const optimizer = sgd(byHand.parameters(), { learningRate: 1 });
    const batches = forever(batchOf([0, 1], [1, 0]), batchOf([0, 1]));
    const step = interpret(stepOf(byHand, optimizer));
    const rates = Array.from({ length: 10 }, (_, n) => schedule(n));
    const losses = rates.map((rate) => {
      optimizer.learningRate = rate;
      return runOnBatch(step, batches.next().value)[0];
    });
    for (const options of [{}, { compile }]) {
      const { events } = await run({ schedule, logInterval: 1, ...options });
      const lines = events.flatMap((event) => (event.type === 'log' ? [event.metrics] : []));
      expect(lines.map(({ learningRate }) => learningRate)).toEqual(rates);
      // a kernel of our own rounds otherwise, by 1e-7 a step
      expectClose(
        lines.map(({ batchLoss }) => batchLoss),
        losses,
        { absolute: 1e-6 },
      );
    }
  });
  it('stops after the current step when its signal says so, and logs it', async () => {
    const controller = new AbortController();
    const listeners = [
      (event: TrainingEvent) => {
        if (event.type === 'step' && event.step === 4) controller.abort();
      },
    ];
    const { metrics } = await run({ signal: controller.signal, listeners });
    expect(metrics?.step).toBe(4);
  });
  it('lets other work run now and then', async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 20);
    const { metrics } = await run({ maxSteps: 1e7, signal: controller.signal });
    clearTimeout(timer);
    expect(metrics?.step).toBeLessThan(1e7);
  });
  it('names the step at which the loss stopped being a number', async () => {
    const model = bigram(zeros);
    const logits = model.logits.bind(model);
    let calls = 0;
    model.logits = (tokens) => mul(logits(tokens), ++calls === 3 ? NaN : 1);
    const optimizer = sgd(model.parameters(), { learningRate: 1 });
    const { error, events } = await run({ model, optimizer });
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error).toMatchObject({
      step: 3,
      message:
        'train: the loss must be finite; got NaN at step 3; lower the learning rate (it is 1)',
    });
    expect(outline(events).slice(-3)).toEqual(['step 2', 'log 2', 'end 3 failed']);
  });
  it('logs the last step before a loss that is no number once', async () => {
    for (const [logInterval, expected] of [
      [1, ['log 1', 'log 2']],
      [2, ['log 2']],
      [100, ['log 2']],
    ] as const) {
      const model = bigram(zeros);
      const logits = model.logits.bind(model);
      let calls = 0;
      model.logits = (tokens) => mul(logits(tokens), ++calls === 3 ? NaN : 1);
      const optimizer = sgd(model.parameters(), { learningRate: 1 });
      const { events } = await run({ model, optimizer, logInterval });
      expect(outline(events).filter((event) => event.startsWith('log'))).toEqual(expected);
    }
  });
  it('takes a validation that is no number for what it is', async () => {
    const model = bigram(zeros);
    const logits = model.logits.bind(model);
    model.logits = (tokens) => mul(logits(tokens), tokens.shape[0] === 3 ? NaN : 1);
    const optimizer = sgd(model.parameters(), { learningRate: 1 });
    const validation = [batchOf([0, 1], [1, 0], [0, 1])];
    const { error, events } = await run({ model, optimizer, valInterval: 2, validation });
    expect(error).toBeInstanceOf(DivergenceError);
    expect(error).toMatchObject({ step: 2, loss: NaN });
    expect(outline(events).slice(-4)).toEqual(['step 2', 'validating 2', 'log 2', 'end 2 failed']);
  });
  it('says when the batches run out', async () => {
    const { error } = await run({ batches: [batchOf([0, 1])] });
    expect(error).toEqual(
      new RangeError('train: there must be 10 batches; got 1, repeat them with InfiniteLoader'),
    );
  });
  it.each<[Partial<TrainOptions>, string]>([
    [{ maxSteps: 0 }, 'train: maxSteps must be a whole number of at least 1; got 0'],
    [{ valInterval: -1 }, 'train: valInterval must be a whole number of at least 0; got -1'],
    [{ logInterval: 0.5 }, 'train: logInterval must be a whole number of at least 1; got 0.5'],
    [{ patience: -1 }, 'train: patience must be a whole number of at least 0; got -1'],
    [{ patience: 2 }, 'train: a patience of 2 needs validations; got a valInterval of 0'],
    [{ minDelta: -1 }, 'train: minDelta must be finite and at least 0; got -1'],
    [{ valInterval: 5 }, 'train: a valInterval of 5 needs validation batches; got none'],
  ])('refuses %o', async (options, message) => {
    const { error, events } = await run(options);
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain(message);
    expect(events).toEqual([]);
  });
  it('keeps as many tensors after step 1000 as after step 100', async () => {
    const seen = new Map<number, object>();
    const listener = (event: TrainingEvent): void => {
      if (event.type !== 'step') return;
      const { numTensors, numDataBuffers, numBytes } = memory();
      seen.set(event.step, { numTensors, numDataBuffers, numBytes });
    };
    await run({
      maxSteps: 1000,
      listeners: [listener],
      valInterval: 50,
      validation: [batchOf([0, 1])],
    });
    expect(seen.get(1000)).toEqual(seen.get(100));
  });
});

describe('InfiniteLoader', () => {
  const dataset = new ArrayDataset({
    contextSize: 1,
    inputs: Int32Array.from({ length: 7 }, (_, i) => i),
    targets: new Int32Array(7),
  });
  const passes = (reshuffle: boolean): number[][] => {
    const loader = new DataLoader(dataset, {
      batchSize: 3,
      shuffle: true,
      generator: Generator.seeded(1),
    });
    const batches = new InfiniteLoader(loader, { reshuffle })[Symbol.iterator]();
    const nextPass = (): number[] =>
      Array.from({ length: loader.length }, () => [...batches.next().value.inputs]).flat();
    return [nextPass(), nextPass(), nextPass()];
  };
  it('replays the first order', () => {
    const [first, second, third] = passes(false);
    expect([second, third]).toEqual([first, first]);
    expect(first.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
  it('reshuffles when asked', () => {
    const [first, second, third] = passes(true);
    expect(second).not.toEqual(first);
    expect(third).not.toEqual(second);
    expect(third.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
  it('draws anew where a pass is only some of the data', () => {
    const loader = new RandomLoader(dataset, { batchSize: 7, generator: Generator.seeded(1337) });
    const drawn = Generator.seeded(1337);
    const batches = new InfiniteLoader(loader)[Symbol.iterator]();
    for (let pass = 0; pass < 3; pass++) {
      expect([...batches.next().value.inputs]).toEqual([...randint(drawn, 7, { high: 7 })]);
    }
    const repeated = new InfiniteLoader(loader, { reshuffle: false })[Symbol.iterator]();
    const first = [...repeated.next().value.inputs];
    expect([...repeated.next().value.inputs]).toEqual(first);
  });
  it('draws a pass ahead when asked, before what is drawn between two batches', () => {
    const generator = Generator.seeded(1337);
    const loader = new RandomLoader(dataset, { batchSize: 2, generator });
    const batches = new InfiniteLoader(loader, { ahead: true });
    const iterator = batches[Symbol.iterator]();
    const drawn = Generator.seeded(1337);
    const expected = (): number[] => [...randint(drawn, 2, { high: 7 })];
    const first = expected();
    expect(generator.nextUint32()).toBe(drawn.nextUint32()); // an evaluation before the first step
    expect([...iterator.next().value.inputs]).toEqual(first);
    const second = expected();
    expect(generator.nextUint32()).toBe(drawn.nextUint32());
    expect([...iterator.next().value.inputs]).toEqual(second);
    expect(() => new InfiniteLoader(loader, { reshuffle: false, ahead: true })).toThrow(
      'ahead needs reshuffle',
    );
  });
});

it('takes weighted means', () => {
  const mean = new RunningMean();
  expect(mean.value).toBeNaN();
  mean.add(1);
  mean.add(4, 2);
  expect(mean.value).toBe(3);
});

describe('a function that runs as it is', () => {
  it('writes its result into an array of its length, shared or not', () => {
    const doubled = interpret((x: Tensor) => mul(x, 2));
    const shared = new Float32Array(new SharedArrayBuffer(12));
    shared.set([1, 2]);
    doubled.readInto(shared.subarray(1), { values: shared.subarray(0, 2), shape: [2] });
    expect([...shared]).toEqual([1, 2, 4]);
    expect(() => {
      doubled.readInto(shared, { values: shared.subarray(0, 2), shape: [2] });
    }).toThrow('interpret: the target of readInto must be as long as the result, 2; got 3');
  });
});
