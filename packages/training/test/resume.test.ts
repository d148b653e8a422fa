// Runs that were cut short and resumed: bit for bit what they would have been.
import { tidy, zerosLike } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, OtherRunError, type Checkpoint, type Metrics } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { Killed, killAt, ToyRun } from './toy-run.js';

beforeAll(() => startBackend());

const modes = {
  'as it is': {},
  compiled: { compile },
  'compiled and cut': { compile, shards: 2, accumulate: 2 },
} as const;

describe.each(Object.entries(modes))('a run %s', (_, mode) => {
  it.each([2, 6, 13, 29, 40])('cut short at step %i ends as the unbroken one', async (step) => {
    const straight = new ToyRun();
    const metrics = await straight.train(mode);

    const store = memoryStore();
    const first = new ToyRun();
    const checkpoints = first.checkpoints(store);
    await expect(
      first.train({ ...mode, checkpoints, listeners: [killAt(step)] }),
    ).rejects.toBeInstanceOf(Killed);

    const second = new ToyRun();
    const rest = second.checkpoints(store);
    const resumed = await rest.resume();
    expect((resumed?.step ?? 0) % 5 === 0 || (resumed?.step ?? 0) % 4 === 0).toBe(true);
    const again = await second.train({ ...mode, checkpoints: rest });
    expect(untimed(again)).toEqual(untimed(metrics));
    expect(second.weights).toEqual(straight.weights);
    for (const [n, loss] of second.losses.entries()) {
      expect(loss, `step ${n}`).toBe(n <= (resumed?.step ?? 0) ? undefined : straight.losses[n]);
    }
    expect(second.optimizer.state()).toEqual(straight.optimizer.state());
    expect(second.generator.state()).toEqual(straight.generator.state());
  });

  it('with patience ends where the unbroken one does, with the same best weights', async () => {
    const options = { ...mode, maxSteps: 400, patience: 3, minDelta: 1e-3 };
    const straight = new ToyRun();
    const { step: end } = await straight.train(options);
    expect(end).toBeLessThan(400);
    for (const killed of [6, end - 1]) {
      const store = memoryStore();
      const first = new ToyRun();
      const checkpoints = first.checkpoints(store);
      const kill = { checkpoints, listeners: [killAt(killed)] };
      await expect(first.train({ ...options, ...kill })).rejects.toBeInstanceOf(Killed);
      const second = new ToyRun();
      const rest = second.checkpoints(store);
      expect((await rest.resume())?.step).toBeGreaterThan(0);
      expect((await second.train({ ...options, checkpoints: rest })).step).toBe(end);
      expect(second.weights).toEqual(straight.weights);
    }
  });
});

const untimed = (metrics: Metrics): Metrics => ({ ...metrics, stepsPerSecond: 0 });

describe('a run that is over', () => {
  it('takes no step more, and says what it said', async () => {
    const store = memoryStore();
    const first = new ToyRun();
    const metrics = await first.train({ checkpoints: first.checkpoints(store) });
    const second = new ToyRun();
    const checkpoints = second.checkpoints(store);
    expect((await checkpoints.resume())?.step).toBe(40);
    const again = await second.train({ checkpoints });
    expect(metrics.valLoss).toBeGreaterThan(0);
    expect(untimed(again)).toEqual(untimed(metrics));
    expect(second.losses).toEqual([]);
    expect(second.weights).toEqual(first.weights);
  });
});

describe('Checkpoints', () => {
  it('keep the newest two and the best, and the bytes of equal runs are equal', async () => {
    const stores = [memoryStore(), memoryStore()];
    for (const store of stores) {
      const run = new ToyRun();
      await run.train({ checkpoints: run.checkpoints(store, { interval: 1 }), maxSteps: 200 });
    }
    const checkpoints = [...stores[0].files.values()].map((bytes) => decodeCheckpoint(bytes));
    const steps = checkpoints.map(({ step }) => step).sort((a, b) => a - b);
    const { values } = checkpoints.at(-1)?.parts['best'] ?? {};
    const { step: best } = values as { readonly step: number };
    expect(new Set(steps)).toEqual(new Set([best, steps.at(-2), 200]));
    expect(stores[1].files.get('step-00000200.safetensors')).toEqual(
      stores[0].files.get('step-00000200.safetensors'),
    );
  });
  it('that can’t be written are reported, and those before stay', async () => {
    const store = memoryStore();
    const run = new ToyRun();
    const errors: unknown[] = [];
    let writes = 0;
    const full = new Error('ENOSPC');
    const checkpoints = run.checkpoints(
      {
        ...store,
        write: (name, bytes) => (++writes === 1 ? store.write(name, bytes) : Promise.reject(full)),
      },
      { onError: (error) => errors.push(error) },
    );
    const { step } = await run.train({ checkpoints });
    expect(step).toBe(40);
    // How many came due while one was being written depends on the machine; the last is always tried.
    expect(new Set(errors)).toEqual(new Set([full]));
    expect([...store.files.keys()]).toEqual(['step-00000004.safetensors']);
    expect(await new ToyRun().resume(store)).toMatchObject({ step: 4 });
  });
  it('need an interval', () => {
    expect(() => new ToyRun().checkpoints(memoryStore(), { interval: 0 })).toThrow(
      'Checkpoints: interval must be a whole number of at least 1; got 0',
    );
  });
});

describe('train', () => {
  it('writes that of the last step alone where the interval is endless', async () => {
    const run = new ToyRun();
    const store = memoryStore();
    const checkpoints = run.checkpoints(store, { interval: Infinity });
    const { step } = await run.train({ checkpoints, maxSteps: 23 });
    expect(step).toBe(23);
    expect([...store.files.keys()]).toEqual(['step-00000023.safetensors']);
    expect(checkpoints.outcome).toMatchObject({ written: 1, lastStep: 23 });
  });
  it('asks for a checkpoint itself', async () => {
    const straight = new ToyRun();
    await straight.train();
    const store = memoryStore();
    const first = new ToyRun();
    await first.train({ checkpoints: first.checkpoints(store), maxSteps: 23 });
    const second = new ToyRun();
    await second.train({ checkpoints: second.checkpoints(store) });
    expect(Object.keys(second.losses)[0]).toBe('24');
    expect(second.weights).toEqual(straight.weights);
  });
  it('continues by the same checkpoints, and writes none without an interval', async () => {
    const straight = new ToyRun();
    await straight.train();
    const run = new ToyRun();
    const store = memoryStore();
    const checkpoints = run.checkpoints(store);
    await run.train({ checkpoints, maxSteps: 10 });
    await run.train({ checkpoints, maxSteps: 20 });
    const names = [...store.files.keys()];
    await run.train({ checkpoints: run.checkpoints(store, { interval: undefined }) });
    expect(run.weights).toEqual(straight.weights);
    expect([...store.files.keys()]).toEqual(names);
  });
});

describe('resume', () => {
  const saved = async () => {
    const store = memoryStore();
    const run = new ToyRun();
    await run.train({ checkpoints: run.checkpoints(store, { interval: 1 }), maxSteps: 12 });
    return store;
  };
  it('has nothing to say of an empty store', async () => {
    expect(await new ToyRun().resume(memoryStore())).toBeUndefined();
  });
  it('gives the same each time until one is written, and loads once', async () => {
    const run = new ToyRun();
    const checkpoints = run.checkpoints(await saved());
    const resumed = await checkpoints.resume();
    tidy(() => run.model.weight.assign(zerosLike(run.model.weight)));
    expect(await checkpoints.resume()).toBe(resumed);
    expect(new Set(run.weights)).toEqual(new Set([0]));
  });
  it('takes the checkpoint before one that is damaged, and reports it', async () => {
    const store = await saved();
    const [before, newest] = [...store.files.keys()].sort().slice(-2);
    const damaged: string[] = [];
    store.files.set(newest, store.files.get(newest)?.slice(0, 100) ?? new Uint8Array());
    const resumed = await new ToyRun().resume(store, { onDamaged: (name) => damaged.push(name) });
    expect(resumed?.name).toBe(before);
    expect(damaged).toEqual([newest]);
  });
  it('says why none can be used', async () => {
    const store = await saved();
    for (const name of store.files.keys()) store.files.set(name, new Uint8Array(3));
    await expect(new ToyRun().resume(store)).rejects.toThrow(
      'there is no checkpoint that can be used; the newest is step-00000012.safetensors: safetensors: a file has at least 8 bytes; got 3',
    );
  });
  it('lets the caller refuse', async () => {
    const check = ({ config }: Checkpoint): never => {
      throw new RangeError(`not of ${JSON.stringify(config)}`);
    };
    await expect(new ToyRun().resume(await saved(), { check })).rejects.toThrow(
      'not of {"lr":0.1}',
    );
  });
  it('refuses a checkpoint that lacks a part, or has other shapes', async () => {
    const store = await saved();
    const run = new ToyRun();
    const parts = { ...run.parts, more: run.parts['model'] };
    await expect(run.resume(store, { parts })).rejects.toThrow('it has no part more');
    const swapped = { ...run.parts, model: run.parts['optimizer'] };
    await expect(run.resume(store, { parts: swapped })).rejects.toBeInstanceOf(OtherRunError);
  });
});
