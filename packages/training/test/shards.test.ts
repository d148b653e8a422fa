// Batches cut into shards and micro-batches: the loss and the gradients of the whole batch, summed in another order.
import { add, scalar, tidy, variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { CNN, MLP, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamw, everyPosition, interpret, sgd, train } from '../src/index.js';
import type { Compile, Trainable, TrainOptions } from '../src/index.js';
import { piecesOf, rowsOf, totalOf } from '../src/step/pieces.js';
import { randomBatch } from './workers/batches.js';
import { NoisyModel, T, V } from './workers/replicas.mjs';
import { forever } from './toy.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(3);
const sizes = { vocabSize: V, contextSize: T, dEmbed: 4, dHidden: 8 };

/** Models whose rows don't look at each other, and draw nothing. */
const models: Readonly<Record<string, () => Trainable>> = {
  MLP: () => new MLP(sizes, seeded()),
  CNN: () => new CNN(sizes, seeded()),
  GRU: () => everyPosition(new NoisyModel({ recurrent: true }, seeded())),
  WaveNet: () => everyPosition(new WaveNet({ vocabSize: V, channels: 8, depth: 2 }, seeded())),
};

const cuts = [
  { shards: 2 },
  { shards: 3 },
  { accumulate: 2 },
  { shards: 2, accumulate: 3 },
  { shards: 20 }, // more than rows
] as const;

const compilers: Readonly<Record<string, Compile>> = { compiled: compile, 'as it is': interpret };

/** Loss and parameters after one step of length 1: before it minus the gradients. */
async function stepped(
  model: Trainable,
  batch: Batch,
  options: Partial<TrainOptions>,
): Promise<{ readonly loss: number; readonly values: number[] }> {
  const optimizer = sgd(model.parameters(), { learningRate: 1 });
  const { batchLoss } = await train({
    model,
    optimizer,
    batches: [batch],
    maxSteps: 1,
    ...options,
  });
  return { loss: batchLoss, values: model.parameters().flatMap((v) => Array.from(v.dataSync())) };
}

describe.each(Object.entries(models))('%s', (name, make) => {
  const batch = randomBatch(7, name === 'WaveNet' || name === 'GRU');
  const cases = cuts.flatMap((cut) =>
    Object.keys(compilers).map((how) => [JSON.stringify(cut), how, cut] as const),
  );
  it.each(cases)(
    'cut by %s, %s, has loss and gradients of the whole batch',
    async (_, how, cut) => {
      const one = { compile: compilers[how] };
      const whole = await stepped(make(), batch, one);
      const { loss, values } = await stepped(make(), batch, { ...one, ...cut });
      expectClose([loss], [whole.loss], { absolute: 2e-6 });
      expectClose(values, whole.values, { absolute: 2e-6 });
    },
  );
});

describe('a batch', () => {
  it('is cut into runs of rows as equal as can be, without empty ones', () => {
    const cut = (rows: number, shards: number, accumulate = 1): string[] =>
      piecesOf(rows, { shards, accumulate }).map((shard) =>
        shard.map(({ index, first, end }) => `${index}: ${first}-${end}`).join(', '),
      );
    expect(cut(7, 3)).toEqual(['0: 0-3', '1: 3-5', '2: 5-7']);
    expect(cut(7, 2, 2)).toEqual(['0: 0-2, 1: 2-4', '2: 4-6, 3: 6-7']);
    expect(cut(2, 4, 3)).toEqual(['0: 0-1', '3: 1-2']);
  });
  it('is counted by its weights', () => {
    const { weights, ...batch } = randomBatch(7, true);
    expect(totalOf(batch)).toBe(7 * T);
    expect(totalOf({ ...batch, weights })).toBe(weights.reduce((a, b) => a + b));
    const rows = rowsOf({ ...batch, weights }, { first: 2, end: 4 });
    expect(rows.size).toBe(2);
    for (const key of ['inputs', 'targets'] as const) {
      expect([...rows[key]]).toEqual([...batch[key].subarray(2 * T, 4 * T)]);
    }
    expect([...(rows.weights ?? [])]).toEqual([...weights.subarray(2 * T, 4 * T)]);
  });
  it('of which a shard weighs nothing has the mean of the others', async () => {
    const { weights, ...batch } = randomBatch(4, true);
    weights.fill(1).fill(0, 2 * T); // the second of two shards
    const make = models['WaveNet'];
    const cut = await stepped(make(), { ...batch, weights }, { compile, shards: 2 });
    const half = await stepped(make(), rowsOf(batch, { first: 0, end: 2 }), { compile });
    expectClose([cut.loss], [half.loss], { absolute: 1e-6 });
    expectClose(cut.values, half.values, { absolute: 1e-6 });
  });
  it.each([{ shards: 0 }, { shards: 1.5 }, { accumulate: 0 }])('isn’t cut by %o', async (cut) => {
    const [name, value] = Object.entries(cut)[0];
    await expect(stepped(models['MLP'](), randomBatch(4, false), cut)).rejects.toThrow(
      `train: ${name} must be a whole number of at least 1; got ${value}`,
    );
  });
});

describe('what a forward pass changes', () => {
  /** Counters and running statistics after some steps. */
  async function untrained(options: Partial<TrainOptions>): Promise<Record<string, number[]>> {
    const model = new NoisyModel({ dropout: 0.2, batchNorm: true }, seeded());
    const optimizer = adamw(model.parameters(), { learningRate: 1e-9 });
    const batches = forever(randomBatch(8, true), randomBatch(12, true));
    await train({ model: everyPosition(model), optimizer, batches, maxSteps: 3, ...options });
    const all = [...model.namedCounters(), ...model.namedBuffers()];
    return Object.fromEntries(all.map(([name, v]) => [name, [...v.dataSync()]]));
  }
  it.each(Object.keys(compilers))('counts steps, not pieces, %s', async (how) => {
    const one = { compile: compilers[how] };
    const [whole, cut] = [
      await untrained(one),
      await untrained({ ...one, shards: 2, accumulate: 2 }),
    ];
    expect(Object.keys(cut)).toEqual(Object.keys(whole));
    expect(cut['dropout.counter']).toEqual([3]);
    expect(cut['norm.num_batches_tracked']).toEqual(whole['norm.num_batches_tracked']);
  });
  it.each(Object.keys(compilers))('becomes the mean over pieces, %s', async (how) => {
    const one = { compile: compilers[how] };
    const model = (): NoisyModel => new NoisyModel({ batchNorm: true }, seeded());
    const batch = randomBatch(8, true);
    const trained = model();
    await stepped(everyPosition(trained), batch, { ...one, shards: 2 });
    const [first, second] = await Promise.all(
      [0, 4].map(async (row) => {
        const half = model();
        const rows = rowsOf(batch, { first: row, end: row + 4 });
        await stepped(everyPosition(half), rows, one);
        return half.norm?.running_mean.dataSync() ?? [];
      }),
    );
    const mean = Array.from(first, (value, i) => (value + second[i]) / 2);
    expectClose(trained.norm?.running_mean.dataSync() ?? [], mean, { absolute: 1e-7 });
  });
  it('draws other masks for each piece, and for the first those of a whole batch', async () => {
    // Rows are all alike, so that masks alone make a difference.
    const alike = (rows: number): Batch => {
      const row = randomBatch(1, true);
      const repeat = (values: Int32Array): Int32Array =>
        Int32Array.from({ length: rows * values.length }, (_, i) => values[i % values.length]);
      return {
        size: rows,
        contextSize: T,
        inputs: repeat(row.inputs),
        targets: repeat(row.targets),
      };
    };
    const loss = async (rows: number, cut: Partial<TrainOptions>): Promise<number> => {
      const model = everyPosition(new NoisyModel({ dropout: 0.5 }, seeded()));
      return (await stepped(model, alike(rows), { compile, ...cut })).loss;
    };
    const [one, two, four] = [
      await loss(2, {}),
      await loss(4, { shards: 2 }),
      await loss(8, { shards: 2, accumulate: 2 }),
    ];
    const second = 2 * two - one; // of the second shard
    expect(Math.abs(second - one)).toBeGreaterThan(1e-3);
    expect(Math.abs(four - two)).toBeGreaterThan(1e-4);
  });
  it('must be named', async () => {
    const seen = variable(scalar(0), false);
    const mlp = models['MLP']();
    const model: Trainable = {
      parameters: () => mlp.parameters(),
      logits(tokens) {
        tidy(() => seen.assign(add(seen, scalar(1))));
        return mlp.logits(tokens);
      },
    };
    const run = stepped(model, randomBatch(4, false), { compile, shards: 2 });
    await expect(run).rejects.toThrow(
      `must be among the namedBuffers or namedCounters of the model where a batch is cut; got ${seen.name} []`,
    );
    expect(seen.dataSync()).toEqual(Float32Array.of(0));
  });
});

it('leaves a parameter alone that the loss doesn’t depend on', async () => {
  const mlp = new MLP(sizes, seeded());
  const unused = variable(scalar(1));
  const model: Trainable = {
    parameters: () => [unused, ...mlp.parameters()],
    logits: (tokens) => mlp.logits(tokens),
  };
  const optimizer = adamw(model.parameters(), { learningRate: 0.1 });
  const batches = forever(randomBatch(5, false));
  await train({ model, optimizer, batches, maxSteps: 3, shards: 2, compile });
  expect(unused.dataSync()).toEqual(Float32Array.of(1));
  const state = optimizer.state();
  expect(state['0.step'].data).toEqual(Float32Array.of(0));
  expect(state['1.step'].data).toEqual(Float32Array.of(3));
});

it.each(Object.keys(compilers))('keeps nothing, %s', async (how) => {
  const model = everyPosition(new NoisyModel({ dropout: 0.2, batchNorm: true }, seeded()));
  const batch = randomBatch(8, true);
  await expectNoLeak(async () => {
    const optimizer = sgd(model.parameters(), { learningRate: 0.1 });
    const batches = forever(batch);
    const cut = { shards: 2, accumulate: 2, compile: compilers[how] };
    await train({ model, optimizer, batches, maxSteps: 3, ...cut });
    optimizer.dispose();
  });
});
