// Workers of Node: whatever their number, a run has the same bytes.
import { compile, startBackend } from '@llm101/wasm';
import { scalar, tidy, variable, type Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  DivergenceError,
  evaluate,
  interpret,
  NextTokenCounts,
  startWorkers,
} from '../src/index.js';
import type { Workers } from '../src/index.js';
import { sharesOf } from '../src/step/shares.js';
import { ArrayDataset, DataLoader } from '@llm101/data';
import { memoryStore } from './memory-store.js';
import { Killed, killAt } from './toy-run.js';
import { randomBatch } from './workers/batches.js';
import { makeReplica, T, V } from './workers/replicas.mjs';
import { runOf, started, storedRun } from './workers/runs.js';

beforeAll(() => startBackend());

describe.each(['mlp', 'cnn', 'wavenet', 'noisy'] as const)('%s', (kind) => {
  it('has the same bytes whatever the number of workers', async () => {
    const settings = { kind };
    const options = [{}, { accumulate: 2, maxSteps: 4 }];
    const alone = await Promise.all(options.map((more) => runOf(settings, more)));
    expect(alone[0].losses.every(Number.isFinite)).toBe(true);
    for (const [count, memory] of [
      [2, 'shared'],
      [4, 'shared'], // one more than shards
      [3, 'copied'],
    ] as const) {
      const workers = await started({ settings }, { count, memory });
      for (const [i, more] of options.entries()) {
        expect(await runOf(settings, { ...more, workers }), `${count}, ${memory}`).toEqual(
          alone[i],
        );
      }
      await workers.close();
    }
  });
});

describe('a run on workers', () => {
  const settings = { kind: 'noisy', optimizer: 'sgd' } as const;
  it('is the same without a compiler', async () => {
    const how = { compile: interpret, maxSteps: 4 };
    const alone = await runOf(settings, how);
    const workers = await started({ settings, interpreted: true }, { count: 3 });
    expect(await runOf(settings, { ...how, workers })).toEqual(alone);
  });
  it('ends early with the same best weights, and can be evaluated', async () => {
    const how = { maxSteps: 60, valInterval: 1, patience: 2, schedule: () => 0.4 };
    const alone = await runOf(settings, how);
    expect(alone.step).toBeLessThan(60);
    const workers = await started({ settings }, { count: 3 });
    expect(await runOf(settings, { ...how, workers })).toEqual(alone);
  });
  it('may be watched', async () => {
    const how = { maxSteps: 6 };
    const alone = await runOf(settings, how);
    const workers = await started({ settings });
    expect(await runOf(settings, { ...how, workers, watchInterval: 2 })).toEqual(alone);
  });
  it('stops by its signal, and the same workers go on', async () => {
    const workers = await started({ settings });
    const abort = new AbortController();
    const { step } = await runOf(settings, {
      workers,
      signal: abort.signal,
      listeners: [(event) => event.type === 'step' && event.step === 5 && abort.abort()],
    });
    expect(step).toBe(5);
    expect(await runOf(settings, { workers })).toEqual(await runOf(settings, {}));
  });
  it.each([
    [1, 3],
    [3, 2],
    [2, 1],
  ])('goes on from a checkpoint of %i threads with %i', async (first, second) => {
    const [straight, store] = [memoryStore(), memoryStore()];
    const how = { maxSteps: 14, valInterval: 5 };
    const unbroken = await storedRun(settings, straight, how);
    const on = async (count: number): Promise<{ workers?: Workers }> =>
      count === 1 ? {} : { workers: await started({ settings }, { count }) };
    const cut = storedRun(settings, store, {
      ...how,
      ...(await on(first)),
      listeners: [killAt(8)],
    });
    await expect(cut).rejects.toBeInstanceOf(Killed);
    const rest = await storedRun(settings, store, { ...how, ...(await on(second)) });
    expect({ ...rest, losses: [] }).toEqual({ ...unbroken, losses: [] });
    expect(store.files.get('step-00000014.safetensors')).toEqual(
      straight.files.get('step-00000014.safetensors'),
    );
  });
  it('diverges at the same step', async () => {
    const how = { schedule: () => 1e30 };
    const step = async (run: Promise<unknown>): Promise<number> =>
      run.then(
        () => NaN,
        (error: unknown) => (error instanceof DivergenceError ? error.step : NaN),
      );
    const alone = await step(runOf(settings, how));
    expect(alone).toBeGreaterThan(1);
    const workers = await started({ settings });
    expect(await step(runOf(settings, { ...how, workers }))).toBe(alone);
  });
  it('takes memory for the shards that a batch has rows for', async () => {
    const workers = await started({ settings });
    const how = { shards: 1e9, maxSteps: 4 };
    expect(await runOf(settings, { ...how, workers })).toEqual(await runOf(settings, how));
  });
  it('needs as many threads as shards at most: one shard is computed here', async () => {
    const workers = await started({ settings, failure: 'step' }); // which doesn't happen
    const how = { shards: 1, maxSteps: 4 };
    expect(await runOf(settings, { ...how, workers })).toEqual(await runOf(settings, how));
  });
});

describe('directions of Muon', () => {
  const settings = { kind: 'wavenet', optimizer: 'muon' } as const;
  it.each([
    [2, 'shared'],
    [3, 'shared'],
    [3, 'copied'],
  ] as const)('are the same on %i threads, memory %s', async (count, memory) => {
    const workers = await started({ settings }, { count, memory });
    // by the same workers on all threads, on two and on all again
    for (const shards of [3, 2, 3]) {
      const alone = await runOf(settings, { shards });
      expect(alone.losses.every(Number.isFinite)).toBe(true);
      expect(await runOf(settings, { shards, workers }), `${shards} shards`).toEqual(alone);
    }
  });
  it('are the same where this thread must not sleep, as in a page', async () => {
    const workers = await started({ settings }, { count: 3 });
    const alone = await runOf(settings, {});
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    onTestFinished(() => wait.mockRestore());
    expect(await runOf(settings, { workers })).toEqual(alone);
    expect(wait).toHaveBeenCalledOnce();
  });
  it('are shared out by what they cost', () => {
    const costs = [5, 1, 9, 4].map(
      (cost) => [tidy((): Variable => variable(scalar(0))), cost] as const,
    );
    const shares = sharesOf({ costs: new Map(costs) }, 3);
    const costOf = new Map(costs);
    expect(shares.map((share) => share.map((one) => costOf.get(one)))).toEqual([[9], [5], [4, 1]]);
    for (const [one] of costs) one.dispose();
  });
});

describe('evaluation', () => {
  const settings = { kind: 'mlp', seed: 8 } as const;
  const batches = Array.from({ length: 9 }, (_, i) => randomBatch(5 + i, false));
  const { inputs, targets } = randomBatch(1500, false);
  const rows = new ArrayDataset({ inputs, targets, contextSize: T });
  const counts = new NextTokenCounts(rows, V);
  it.each([
    ['batches', batches],
    ['a loader, whose arrays are used again,', new DataLoader(rows, { batchSize: 64 })],
    ['counts', counts],
  ])('of %s is the same on each number of threads', async (_, data) => {
    const { model } = makeReplica(settings);
    const alone = await evaluate(model, data, { compile });
    for (const count of [1, 2, 3]) {
      // Replicas with other values: they get the model's.
      const workers = await started({ settings: { ...settings, seed: 1 } }, { count });
      const seen: number[] = [];
      const onProgress = (scored: number): void => void seen.push(scored);
      expect(await evaluate(model, data, { compile, workers, onProgress })).toEqual(alone);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe(data === counts ? counts.length : alone.examples);
      await workers.close();
    }
  });
});

describe('map', () => {
  it('gives outputs in the order of inputs, whoever computes them', async () => {
    const workers = await started({ settings: { kind: 'mlp' } }, { count: 3 });
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const doubled = numbers.map((x) => 2 * x);
    const double = (x: number): number => 2 * x;
    expect(await collected(workers.map('double', numbers, double))).toEqual(doubled);
    expect(await collected(workers.map('double', numbers))).toEqual(doubled);
    expect(await collected(workers.map('double', []))).toEqual([]);
  });
  it('copies each input at once', async () => {
    const workers = await started({ settings: { kind: 'mlp' } });
    const reused = Int32Array.of(0, 0);
    const inputs = function* () {
      for (let i = 0; i < 20; i++) {
        reused.fill(i);
        yield reused;
      }
    };
    const sums = await collected(workers.map('sum', inputs()));
    expect(sums).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
  });
  it('says what is wrong', async () => {
    const workers = await started({ settings: { kind: 'mlp' } });
    await expect(collected(workers.map('fail', [1]))).rejects.toThrow(
      'worker 1 has failed: not this one',
    );
    await expect(collected(workers.map('other', [1]))).rejects.toThrow(
      'serveWorker: a task must be one of double, fail, sum; got other',
    );
    const unsent = 'worker 1: inputs of Workers.map must be what can be sent to a thread';
    for (let i = 0; i < 4; i++) {
      await expect(collected(workers.map('double', [() => 1]))).rejects.toThrow(unsent);
    }
    expect(await collected(workers.map('double', [1]))).toEqual([2]); // it isn't taken for busy
    const alone = await startWorkers({ count: 1, spawn: () => expect.unreachable() });
    await expect(collected(alone.map('double', [1]))).rejects.toThrow(
      'Workers.map: with one thread a task must run here; got double without `here`',
    );
  });
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
