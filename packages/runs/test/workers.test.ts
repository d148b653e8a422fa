// Runs on several threads: the same bytes whatever their number, and shards that a run keeps.
import { Worker } from 'node:worker_threads';
import { WorkerError } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { availableCores } from '../src/cores.js';
import { defaultSettings, runTraining } from '../src/index.js';
import type { RunTrainingOptions, Settings, TrainedRun } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
let started = 0;
const options: RunTrainingOptions = {
  compile,
  samples: 3,
  loadText: async () => ({ name: 'names', text, characters: text.length, sha256: '0'.repeat(64) }),
  spawnWorker: () => {
    started++;
    return new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [] });
  },
};
const small: Settings = {
  ...defaultSettings,
  contextSize: 8,
  dEmbed: 4,
  dHidden: 8,
  optimizer: 'adamw',
  maxSteps: 12,
  valInterval: 5,
  sampleInterval: 6,
  checkpointInterval: 4,
  shards: 3,
};
const waveNet: Settings = {
  ...small,
  model: 'wavenet',
  depth: 2,
  dropout: 0.3,
  packedSize: 16,
  packedRows: 5,
  reshuffle: true,
};

const blocks = { examples: 'blocks', alphabet: 'auto' } as const;

/** What doesn't depend on time. */
const resultOf = ({ metrics, evaluation, samples, model, outcome }: TrainedRun) => ({
  metrics: { ...metrics, stepsPerSecond: 0 },
  evaluation,
  samples,
  model,
  best: outcome.best,
});

describe.each<[string, Settings]>([
  ['a deep MLP with batch norm', { ...small, layers: 2, batchNorm: true, residual: true }],
  ['an LSTM with dropout', { ...small, model: 'lstm', layers: 2, dropout: 0.3, batchSize: 6 }],
  ['a CNN', { ...small, model: 'cnn', clipNorm: 0.5, schedule: 'cosine' }],
  ['micro-batches of a WaveNet with dropout', { ...waveNet, accumulate: 2, shards: 2 }],
  ['an MLP with patience', { ...small, lr: 0.05, maxSteps: 40, patience: 1 }],
  ['an MLP on blocks', { ...small, ...blocks, contextSize: 4, valBatches: 0 }],
  [
    'a WaveNet on blocks, validated on random ones',
    { ...waveNet, ...blocks, contextSize: 6, batchSize: 3, valBatches: 2, valSize: 0.3 },
  ],
  [
    'a WaveNet on shuffled blocks, split by line',
    {
      ...waveNet,
      ...blocks,
      order: 'shuffled',
      split: 'lines',
      contextSize: 5,
      batchSize: 3,
      valBatches: 2,
      valSize: 0.3,
    },
  ],
  [
    'an MLP on blocks in order',
    { ...small, ...blocks, order: 'in-order', contextSize: 4, valBatches: 0 },
  ],
  ['an MLP on lines, validated on some', { ...small, valBatches: 1, batchSize: 4 }],
  ['an MLP that isn’t compiled', { ...small, compile: false }],
])('%s', (_, settings) => {
  it('ends with the same bytes on 1, 2 and 3 threads, and where it was cut short', async () => {
    const alone = resultOf(await runTraining({ ...settings, workers: 1 }, options));
    const together = await runTraining({ ...settings, workers: 2 }, options);
    expect(resultOf(together)).toEqual(alone);
    const store = memoryStore();
    const controller = new AbortController();
    await runTraining(
      { ...settings, workers: 2 },
      {
        ...options,
        store,
        signal: controller.signal,
        listeners: [(event) => event.type === 'step' && event.step === 7 && controller.abort()],
      },
    );
    const rest = await runTraining({ ...settings, workers: 3 }, { ...options, store });
    expect(resultOf(rest)).toEqual(alone);
  });
});

it('starts as many threads as settings ask for beside its own, and none for one shard', async () => {
  const count = async (own: Partial<Settings>): Promise<number> => {
    const before = started;
    await runTraining({ ...small, maxSteps: 1, valInterval: 0, ...own }, options);
    return started - before;
  };
  expect(await count({ workers: 2 })).toBe(1);
  expect(await count({ workers: 8 })).toBe(2); // three shards
  expect(await count({ shards: 1, workers: 8 })).toBe(0);
  expect(await count({ workers: 'auto' })).toBe(Math.min(3, availableCores()) - 1);
});

it('keeps the shards that a run has where they are left open, and refuses others', async () => {
  const store = memoryStore();
  await runTraining(small, { ...options, store });
  const longer: Settings = { ...small, maxSteps: 15 };
  const straight = await runTraining(longer, options);
  const open = await runTraining({ ...longer, shards: 'auto' }, { ...options, store });
  expect(open.settings.shards).toBe(3);
  expect(open.model).toEqual(straight.model);
  await expect(runTraining({ ...longer, shards: 2 }, { ...options, store })).rejects.toThrow(
    'shards is 3, not 2',
  );
});

it('chooses shards by what the machine has, and says them in its settings', async () => {
  const open: Settings = { ...small, shards: 'auto', dHidden: 2000, batchSize: 16, maxSteps: 1 };
  const { settings, model } = await runTraining(open, { ...options, samples: 0 });
  expect(settings.shards).toBe(1); // too few rows for so many parameters
  expect(settings.workers).toBe('auto');
  const again = await runTraining(settings, { ...options, samples: 0 });
  expect(again.model).toEqual(model);
});

it('ends with an error where a thread ends, keeps its checkpoints and leaves nothing', async () => {
  const store = memoryStore();
  const straight = await runTraining(small, options);
  const { numTensors, numDataBuffers } = memory();
  const workers: Worker[] = [];
  const spawnWorker = (): Worker => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [] });
    workers.push(worker);
    return worker;
  };
  const killAt9 = (event: { readonly type: string; readonly step?: number }): void => {
    if (event.type === 'step' && event.step === 9) void workers[0].terminate();
  };
  const failing = runTraining(
    { ...small, workers: 2, maxSteps: 100_000 },
    { ...options, store, spawnWorker, listeners: [killAt9] },
  );
  await expect(failing).rejects.toThrow(WorkerError);
  expect(memory()).toMatchObject({ numTensors, numDataBuffers });
  expect((await store.list()).length).toBeGreaterThan(0);
  const rest = await runTraining(
    { ...small, maxSteps: 100_000, workers: 1 },
    {
      ...options,
      store,
      signal: AbortSignal.abort(),
    },
  );
  expect(rest.outcome.step).toBeGreaterThanOrEqual(8);
  expect(straight.outcome.step).toBe(12);
});
