// What is seen of parameters and gradients, and that nobody notices that it was looked at.
import { add, scalar, tensor2d, tidy, variable, type Scalar } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  distributionOf,
  nonFatal,
  histogramEdges,
  interpret,
  jointNorm,
  sgd,
  train,
  watchParameters,
} from '../src/index.js';
import type { Trainable, TrainingEvent } from '../src/index.js';
import { batchOf, bigram, forever } from './toy.js';

beforeAll(() => startBackend());

const scores = [
  [1, 2],
  [0, -1],
];

describe('distributionOf', () => {
  it('sums values up', () => {
    const distribution = distributionOf(Float32Array.of(-1, 0, 0, 3));
    expect(distribution).toMatchObject({ count: 4, nonFinite: 0, minimum: -1, maximum: 3 });
    expectClose(distribution.mean, 0.5, { absolute: 1e-15 });
    expectClose(distribution.standardDeviation, 1.5, { absolute: 1e-15 }); // √(2.25 + 0.25 + 0.25 + 6.25)/4
    expectClose(distribution.norm, Math.sqrt(10), { absolute: 1e-15 });
  });
  it('counts into 64 equal bins, the largest value into the last', () => {
    const { counts } = distributionOf(Float32Array.of(0, 0.5, 1, 63.9, 64));
    const filled = [...counts.entries()].filter(([, count]) => count > 0);
    expect(filled).toEqual([
      [0, 2],
      [1, 1],
      [63, 2],
    ]);
  });
  it('has edges from the smallest to the largest value', () => {
    const edges = histogramEdges(distributionOf(Float32Array.of(-2, 6)));
    expect(edges).toHaveLength(65);
    expect([edges[0], edges[32], edges[64]]).toEqual([-2, 2, 6]);
  });
  it('puts equal values into the middle of bins around them', () => {
    const distribution = distributionOf(Float32Array.of(5, 5));
    expect(distribution.counts[32]).toBe(2);
    expect([histogramEdges(distribution)[0], histogramEdges(distribution)[64]]).toEqual([4.5, 5.5]);
    expect(distribution.standardDeviation).toBe(0);
  });
  it('has ascending edges around equal values of any size', () => {
    const large = distributionOf(Float32Array.of(1e30, 1e30));
    const edges = histogramEdges(large);
    expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1])).toBe(true);
    expect(large.counts[32]).toBe(2);
  });
  it.each([[[]], [[NaN, Infinity]]])('has zeros for %j', (values) => {
    const distribution = distributionOf(Float32Array.from(values));
    expect(distribution).toMatchObject({ count: 0, nonFinite: values.length, minimum: 0, norm: 0 });
    expect(distribution.counts.every((count) => count === 0)).toBe(true);
  });
  it('leaves out what is not finite', () => {
    const distribution = distributionOf(Float32Array.of(1, NaN, 2, -Infinity));
    expect(distribution).toMatchObject({ count: 2, nonFinite: 2, minimum: 1, maximum: 2 });
    expect(distribution.counts.reduce((a, b) => a + b)).toBe(2);
  });
});

describe('watchParameters', () => {
  it('sees values and the gradient that a step would take', () => {
    const model = bigram(scores);
    const batch = batchOf([0, 1], [1, 0]);
    const [{ name, shape, values, gradient }] = watchParameters(model).look(batch);
    expect([name, shape]).toEqual(['parameters.0', [2, 2]]);
    expectClose(values.norm, Math.sqrt(6), { relative: 1e-6 }); // float32 squares
    // (softmax - one-hot) / 2 of each row
    const p = 1 / (1 + Math.exp(-1));
    const expected = [(1 - p) / 2, (p - 1) / 2, (p - 1) / 2, (1 - p) / 2];
    expectClose(gradient?.norm ?? NaN, Math.hypot(...expected), { absolute: 1e-6 });
    expectClose(gradient?.maximum ?? NaN, (1 - p) / 2, { absolute: 1e-6 });
  });
  it('takes the names that a model gives, and has no gradient where there is none', () => {
    const model = bigram(scores);
    const unused = variable(scalar(1));
    const named = new Map([
      ['table.weight', model.weight],
      ['unused', unused],
    ]);
    const watched = watchParameters({
      ...model,
      parameters: () => [...named.values()],
      namedParameters: () => named,
    }).look(batchOf([0, 1]));
    expect(watched.map(({ name }) => name)).toEqual(['table.weight', 'unused']);
    expect(watched[1].gradient).toBeUndefined();
  });
  it.each([
    ['interpreted', interpret],
    ['compiled', compile],
  ])(
    'restores what a forward pass counts, and leaves no tensor behind, %s',
    async (_, compiler) => {
      const model = bigram(scores);
      const counter = tidy(() => variable(scalar(7, 'int32'), false));
      const counting: Trainable = {
        parameters: () => model.parameters(),
        logits(tokens) {
          tidy(() => counter.assign(add<Scalar>(counter, scalar(1, 'int32'))));
          return model.logits(tokens);
        },
      };
      await expectNoLeak(() => {
        const watch = watchParameters(counting, compiler);
        for (let i = 0; i < 3; i++) watch.look(batchOf([0, 1]));
        watch.dispose();
      });
      expect(counter.dataSync()[0]).toBe(7);
      tidy(() => void counting.logits(tensor2d([[0]], [1, 1], 'int32')));
      expect(counter.dataSync()[0]).toBe(8);
    },
  );
});

it('sees the gradient of a step in training: by its mode, and by the weights of targets', () => {
  const model = bigram(scores);
  const modes: unknown[] = [];
  const watched: Trainable = {
    parameters: () => model.parameters(),
    logits(tokens, mode) {
      modes.push(mode);
      return model.logits(tokens);
    },
  };
  const batch = batchOf([0, 1], [1, 0]);
  const weighted = { ...batch, weights: Float32Array.of(1, 0) };
  const [{ gradient }] = watchParameters(watched).look(weighted);
  const [{ gradient: expected }] = watchParameters(model).look(batchOf([0, 1]));
  expect(gradient).toEqual(expected);
  expect(modes).toEqual(['training']);
});

it('sees the same compiled, and frees what that takes', async () => {
  const model = bigram(scores);
  const plain = watchParameters(model);
  await expectNoLeak(() => {
    const compiled = watchParameters(model, compile);
    for (let i = 0; i < 5; i++) {
      const batch = batchOf([0, i % 2], [1, 1]);
      const [{ gradient }] = compiled.look(batch);
      const [{ gradient: expected }] = plain.look(batch);
      expectClose(gradient?.norm ?? NaN, expected?.norm ?? NaN, { absolute: 1e-6 }); // sums in another order
      expect(gradient?.counts).toEqual(expected?.counts);
    }
    compiled.dispose();
  });
});

describe('train', () => {
  const run = async (options: object): Promise<{ weight: number[]; events: TrainingEvent[] }> => {
    const model = bigram(scores);
    const events: TrainingEvent[] = [];
    await train({
      model,
      optimizer: sgd(model.parameters(), { learningRate: 0.5 }),
      batches: forever(batchOf([0, 1], [1, 0]), batchOf([0, 0], [1, 1])),
      maxSteps: 10,
      logInterval: 5,
      listeners: [(event) => events.push(event)],
      compile,
      ...options,
    });
    return { weight: [...model.weight.dataSync()], events };
  };
  it.each([{}, { shards: 2 }, { accumulate: 2 }])(
    'shows parameters before the first, every nth, and the last step; the run is the same, %o',
    async (cut) => {
      const plain = await run(cut);
      const watched = await run({
        ...cut,
        watchInterval: 4,
        sampleInterval: 3,
        drawSamples: () => ['ana'],
      });
      expect(watched.weight).toEqual(plain.weight);
      const types = watched.events.map((event) => `${event.type} ${'step' in event && event.step}`);
      expect(types.filter((type) => type.startsWith('watch'))).toEqual([
        'watch 1',
        'watch 4',
        'watch 8',
        'watch 10',
      ]);
      expect(types.slice(1, 3)).toEqual(['watch 1', 'step 1']);
      expect(watched.events.filter(({ type }) => type === 'samples')).toEqual(
        [3, 6, 9, 10].map((step) => ({ type: 'samples', step, texts: ['ana'] })),
      );
      expect(plain.events.some(({ type }) => type === 'watch' || type === 'samples')).toBe(false);
    },
  );
  it.each([{}, { shards: 2 }, { accumulate: 2 }])(
    'takes the gradient of the step’s own batch: plain descent moves by its norm, %o',
    async (cut) => {
      const norms: number[] = [];
      const model = bigram(scores);
      const before = [...model.weight.dataSync()];
      await train({
        model,
        optimizer: sgd(model.parameters(), { learningRate: 0.5 }),
        batches: [batchOf([0, 1], [1, 1])],
        maxSteps: 1,
        watchInterval: 1,
        ...cut,
        listeners: [
          (event) => {
            if (event.type !== 'watch') return;
            norms.push(jointNorm(event.parameters.flatMap(({ gradient }) => gradient ?? [])));
          },
        ],
      });
      const moved = Math.hypot(...model.weight.dataSync().map((value, i) => value - before[i]));
      expectClose(norms, [moved / 0.5], { absolute: 1e-6 });
    },
  );
  it('gives its configuration at the start', async () => {
    const { events } = await run({ config: { seed: 101 } });
    expect(events[0]).toEqual({
      type: 'start',
      step: 0,
      maxSteps: 10,
      config: { seed: 101 },
      arithmetic: 'compiled',
    });
  });
  it.each([
    [{ watchInterval: -1 }, 'train: watchInterval must be a whole number of at least 0; got -1'],
    [{ sampleInterval: 1 }, 'train: a sampleInterval of 1 needs drawSamples; got none'],
  ])('refuses %o', async (options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });
});

describe('nonFatal', () => {
  const start: TrainingEvent = { type: 'start', step: 0, maxSteps: 1 };
  it('reports the first error and gives the listener what follows', () => {
    const errors: unknown[] = [];
    let heard = 0;
    const listener = nonFatal(
      () => () => {
        heard++;
        if (heard < 3) throw new Error(`full ${heard}`);
      },
      (error) => errors.push(error),
    );
    for (let i = 0; i < 4; i++) listener(start);
    expect(heard).toBe(4);
    expect(errors).toEqual([new Error('full 1')]);
  });
  it('reports that the listener can’t be opened, and is quiet then', () => {
    const errors: unknown[] = [];
    const open = (): never => {
      throw new Error('no folder');
    };
    const listener = nonFatal(open, (error) => errors.push(error));
    listener(start);
    expect(errors).toEqual([new Error('no folder')]);
  });
});
