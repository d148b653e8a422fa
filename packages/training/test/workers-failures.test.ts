// Workers that can't start, fail, end, or compute something else.
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  evaluate,
  interpret,
  startWorkers,
  train,
  type TrainingEvent,
  WorkerError,
  type Workers,
} from '../src/index.js';
import type { Batch } from '@llm101/data';
import { decodeCheckpoint } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { randomBatch } from './workers/batches.js';
import { makeReplica } from './workers/replicas.mjs';
import { runOf, spawn, started, storedRun } from './workers/runs.js';

beforeAll(() => startBackend());

const settings = { kind: 'wavenet' } as const;

describe('a worker that can’t start', () => {
  it.each([
    ['start', 'worker 1 has failed: there is no such model'],
    ['exit at start', 'worker 1 has ended by itself, with exit code 3'],
  ] as const)('says why: %s', async (failure, message) => {
    const start = started({ settings, failure });
    await expect(start).rejects.toBeInstanceOf(WorkerError);
    await expect(start).rejects.toThrow(message);
  });
  it('says where its module is missing', async () => {
    const start = startWorkers({
      count: 3,
      spawn: () => spawn(new URL('none.mjs', import.meta.url)),
    });
    await expect(start).rejects.toThrow(/^worker \d has failed: Cannot find module .*none\.mjs/);
  });
  it('says that its module serves nobody', async () => {
    const module = new URL('workers/replicas.mjs', import.meta.url);
    await expect(startWorkers({ count: 2, spawn: () => spawn(module) })).rejects.toThrow(
      'worker 1 has ended by itself, with exit code 0',
    );
  });
  it('says that it has made no model', async () => {
    await expect(started({ settings, failure: 'no model' })).rejects.toThrow(
      'worker 1 has failed: serveWorker: what make returns must have a model, with parameters() and logits(); got none',
    );
  });
  it('can’t be sent functions, and is no worker at all', async () => {
    const start = startWorkers({ count: 2, spawn: () => spawn(), data: () => settings });
    await expect(start).rejects.toThrow(
      'worker 1: data of startWorkers must be what can be sent to a thread, no functions for example',
    );
    const none = (): never => undefined as never;
    await expect(startWorkers({ count: 2, spawn: none })).rejects.toThrow(
      'startWorkers: spawn must return a new Worker(…); got something else',
    );
  });
  it('is one of at least one', async () => {
    await expect(started({ settings }, { count: 0 })).rejects.toThrow(
      'startWorkers: count must be a whole number of at least 1; got 0',
    );
  });
});

describe.each(['shared', 'copied'] as const)('with memory %s', (memory) => {
  const on = (data: Parameters<typeof started>[0]): Promise<Workers> =>
    started(data, { count: 3, memory });

  it.each([
    ['step', 'worker 1 has failed: no more steps'],
    ['exit', 'worker 1 has ended by itself, with exit code 5'],
  ] as const)(
    'a failure within a step ends the run, its checkpoint stays: %s',
    async (failure, message) => {
      // As it is, each step runs the model.
      const workers = await on({ settings, failure, after: 12, interpreted: true });
      const how = { compile: interpret };
      const store = memoryStore();
      const run = storedRun(settings, store, { ...how, workers, maxSteps: 1000 });
      await expect(run).rejects.toBeInstanceOf(WorkerError);
      await expect(run).rejects.toThrow(message.replace('worker 1 ', ''));
      const [newest] = [...store.files.values()].slice(-1);
      expect(decodeCheckpoint(newest).step).toBeGreaterThan(0);
      const [resumed, unbroken] = [
        await storedRun(settings, store, { ...how, maxSteps: 20 }),
        await storedRun(settings, memoryStore(), { ...how, maxSteps: 20 }),
      ];
      expect({ ...resumed, losses: [] }).toEqual({ ...unbroken, losses: [] });
    },
  );
  it('closing them while they score ends the run, with nothing left unheard', async () => {
    const workers = await on({ settings });
    const run = runOf(settings, {
      workers,
      validation: Array.from({ length: 40 }, () => randomBatch(12, true)),
      listeners: [(event) => event.type === 'validating' && void workers.close()],
    });
    await expect(run).rejects.toThrow('was ended, by close()');
  });
  it('closing them while they train ends the run', async () => {
    const workers = await on({ settings });
    const run = runOf(settings, {
      workers,
      maxSteps: 1000,
      listeners: [(event) => event.type === 'step' && event.step === 5 && void workers.close()],
    });
    await expect(run).rejects.toThrow('was ended, by close()');
  });
  it('an error of this thread is the same as without them, and they go on', async () => {
    const workers = await on({ settings });
    const wrong: Batch = { ...randomBatch(8, true), targets: new Int32Array(8 * 4).fill(99) };
    const { weights: _, ...batch } = wrong;
    const runs = [{}, { workers }].map((how) =>
      runOf(settings, { batches: [batch], ...how }).then(
        () => '',
        (error: unknown) => String(error),
      ),
    );
    const [alone, together] = await Promise.all(runs);
    expect(together).toBe(alone);
    expect(alone).not.toBe('');
    expect(await runOf(settings, { workers })).toEqual(await runOf(settings, {}));
  });
  it.each([
    [
      'other seeds',
      { ...settings, seed: 4 },
      'must compute what this thread does, and gives other gradients',
    ],
    ['another dropout', { ...settings, dropout: 0.3 }, 'must compute what this thread does'],
    ['another optimizer', { ...settings, optimizer: 'sgd' }, 'a state must'],
    ['another model', { kind: 'mlp' }, 'a state must'],
  ] as const)('replicas with %s are refused', async (_, other, message) => {
    const workers = await on({ settings: other });
    await expect(runOf(settings, { workers })).rejects.toThrow(message);
  });
  it('replicas with other settings of the optimizer are refused', async () => {
    const workers = await on({ settings: { ...settings, learningRate: 0.01 } });
    await expect(runOf(settings, { workers })).rejects.toThrow(
      'its optimizer.groups.0.settings.learningRate is 0.01, not 0.05; make both by the same settings',
    );
  });
  it('replicas that aren’t compiled are refused', async () => {
    const workers = await on({ settings, interpreted: true });
    await expect(runOf(settings, { workers })).rejects.toThrow(
      'its arithmetic is "uncompiled on wasm", not "compiled"',
    );
  });
});

it.each([true, false])('a failure with directions ends the run, sleeping %s', async (sleeps) => {
  const muon = { kind: 'wavenet', optimizer: 'muon' } as const;
  const workers = await started(
    { settings: muon, failure: 'direction', after: 4, interpreted: true },
    { count: 3, memory: 'shared' },
  );
  if (!sleeps) {
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    onTestFinished(() => wait.mockRestore());
  }
  const steps: number[] = [];
  const run = runOf(muon, {
    workers,
    compile: interpret,
    listeners: [(event) => event.type === 'step' && steps.push(event.step)],
  });
  await expect(run).rejects.toThrow(/^worker \d has failed: no more directions$/);
  expect(steps).toEqual([1, 2, 3, 4]);
  await workers.load(makeReplica(muon).model); // they listen again
});

describe('workers that have something to do', () => {
  it('take no second run, and no other model', async () => {
    const workers = await started({ settings });
    const others: Promise<unknown>[] = [];
    const { model } = makeReplica(settings);
    const listener = (event: TrainingEvent): void => {
      if (event.type !== 'step' || event.step !== 3) return;
      others.push(
        runOf(settings, { workers }),
        evaluate(model, [randomBatch(4, true)], { workers }),
      );
      for (const other of others) other.catch(() => {}); // looked at below
    };
    const { losses } = await runOf(settings, { workers, listeners: [listener] });
    expect(losses).toEqual((await runOf(settings, {})).losses);
    const said = await Promise.allSettled(others);
    expect(said.map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
      'Error: Workers: must do one thing at a time; they take the steps of a run; start others for this',
      'Error: Workers: must do one thing at a time; they have the values of the model that is trained; start others for this',
    ]);
  });
});

it('workers that score for an evaluation take no other model meanwhile', async () => {
  const workers = await started({ settings });
  const [{ model }, other] = [settings, { ...settings, seed: 9 }].map(makeReplica);
  const data = Array.from({ length: 40 }, () => randomBatch(4, true));
  const others: Promise<unknown>[] = [];
  const onProgress = (): void => {
    if (others.length > 0) return;
    others.push(evaluate(other.model, data, { compile, workers }), runOf(settings, { workers }));
    for (const one of others) one.catch(() => {}); // looked at below
  };
  const { loss } = await evaluate(model, data, { compile, workers, onProgress });
  expect(loss).toBe((await evaluate(model, data, { compile })).loss);
  for (const one of others) await expect(one).rejects.toThrow('they score or run tasks');
});

it('an evaluation notices a model that only looks alike', async () => {
  const noisy = { kind: 'noisy' } as const;
  const workers = await started({ settings: noisy, failure: 'louder' });
  const { model } = makeReplica(noisy);
  const evaluation = evaluate(model, [randomBatch(4, true)], { compile, workers });
  await expect(evaluation).rejects.toThrow('workers must score as this thread does');
});

it('workers must be started by startWorkers', async () => {
  const { model, optimizer } = makeReplica(settings);
  const workers = { count: 2 } as Workers;
  const run = train({ model, optimizer, batches: [], maxSteps: 1, compile, workers });
  await expect(run).rejects.toThrow(
    'train: workers must be what startWorkers() resolves to; got something else',
  );
});
