// Whole runs without a folder or a terminal: what they give, keep and leave behind.
import { loadText } from '@llm101/data';
import { compile, startBackend } from '@llm101/wasm';
import type { CheckpointStore, TrainingEvent } from '@llm101/training';
import { backend, type KernelBackend, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultSettings, modelNames, openModel, prepareData, runTraining } from '../src/index.js';
import type { RunTrainingOptions, Settings } from '../src/index.js';

beforeAll(() => startBackend());

const small: Settings = {
  ...defaultSettings,
  contextSize: 8,
  dEmbed: 4,
  dHidden: 8,
  lr: 0.1,
  maxSteps: 20,
  valInterval: 10,
  sampleInterval: 10,
  checkpointInterval: 5,
};

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const names = async () => ({
  name: 'names',
  text,
  characters: text.length,
  sha256: '0'.repeat(64),
});
const options: RunTrainingOptions = {
  compile,
  samples: 3,
  loadText: names,
};

/** A store in memory. */
function mapStore(): CheckpointStore & { readonly files: Map<string, Uint8Array<ArrayBuffer>> } {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    files,
    list: async () => [...files.keys()],
    read: async (name) => files.get(name) ?? new Uint8Array(),
    write: async (name, bytes) => void files.set(name, bytes),
    remove: async (name) => void files.delete(name),
  };
}

describe.each(modelNames)('a run of %s', (model) => {
  // The scores of a bigram are drawn far from even, and each is seen seldom.
  const lr = model === 'bigram' ? 20 : small.lr;
  const settings: Settings = { ...small, model, packedSize: 64, lr };

  it('gives plain values: metrics, evaluation, samples and a model that opens', async () => {
    const events: TrainingEvent['type'][] = [];
    const listeners = [({ type }: TrainingEvent) => void events.push(type)];
    const trained = await runTraining(settings, { ...options, listeners });
    expect(trained.outcome).toMatchObject({ step: 20, reason: 'finished', best: undefined });
    expect(trained.metrics.step).toBe(20);
    expect(trained.evaluation.loss).toBeLessThan(Math.log(27)); // guessing
    expect(trained.samples).toHaveLength(3);
    expect(trained.settings.dataSha256).toBe('0'.repeat(64));
    expect(events.filter((type) => type === 'step')).toHaveLength(20);
    const opened = openModel(trained.model);
    expect(opened).toMatchObject({ step: 20, config: { type: model, vocabSize: 27 } });
    opened.model.dispose();
  });

  it('gives the same bytes again, and after it was cut short', async () => {
    const whole = await runTraining(settings, options);
    const store = mapStore();
    const controller = new AbortController();
    const stopAt10 = (event: TrainingEvent) => {
      if (event.type === 'step' && event.step === 12) controller.abort();
    };
    const { signal } = controller;
    const cut = await runTraining(settings, { ...options, store, signal, listeners: [stopAt10] });
    expect(cut.outcome).toMatchObject({ reason: 'stopped', step: 12 });
    expect(store.files.size).toBeGreaterThan(0);
    const rest = await runTraining(settings, { ...options, store });
    expect(rest.model).toEqual(whole.model);
    expect(rest.samples).toEqual(whole.samples);
    expect(rest.evaluation).toEqual(whole.evaluation);
  });

  it('leaves memory where it was, however often', async () => {
    await runTraining(settings, options);
    const before = memory();
    for (let i = 0; i < 5; i++) await runTraining({ ...settings, seed: i }, options);
    await expect(
      runTraining(settings, {
        ...options,
        listeners: [
          (event) => {
            if (event.type === 'step' && event.step === 3) throw new Error('no more');
          },
        ],
      }),
    ).rejects.toThrow('no more');
    const { numTensors, numDataBuffers } = memory();
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });
});

it('leaves nothing where its examples can’t be made', async () => {
  const settings: Settings = { ...small, model: 'wavenet', packedSize: 3 };
  const { numTensors } = memory();
  await expect(runTraining(settings, options)).rejects.toThrow(/packed-size must be at least 16/);
  expect(memory().numTensors).toBe(numTensors);
});

it('refuses parts of one row with batch norm before it trains, those of the last batch too', async () => {
  const settings: Settings = { ...small, batchNorm: true, maxSteps: 12 };
  const { train } = await prepareData(settings, await names());
  const rows = 'copy' in train.tokens ? 0 : train.tokens.positions;
  const begin = (own: Partial<Settings>) => runTraining({ ...settings, ...own }, options);
  await expect(begin({ batchSize: 7, shards: 2, accumulate: 2 })).rejects.toThrow(
    '--batch-size must leave 2 rows or more for each part of a batch with --batch-norm; got 7 in 4; choose 8 or more',
  );
  await expect(begin({ batchSize: rows - 1 })).rejects.toThrow(
    `got 1 in 1 for the last batch of a pass, as the text gives ${rows} rows; choose another`,
  );
  expect((await begin({ batchSize: rows - 4, accumulate: 2 })).outcome.step).toBe(12);
  const blocks = { ...settings, examples: 'blocks', order: 'in-order', alphabet: 'auto' } as const;
  const stream = (await prepareData(blocks, await names())).train.tokens;
  const windows = ('copy' in stream ? stream.length : 0) - settings.contextSize;
  await expect(begin({ ...blocks, batchSize: windows - 1 })).rejects.toThrow(
    `got 1 in 1 for the last batch of a pass, as the text gives ${windows} rows; choose another`,
  );
});

it('draws as many samples as are asked for, and refuses other numbers before it trains', async () => {
  const settings: Settings = { ...small, maxSteps: 2, valInterval: 0, sampleInterval: 1 };
  expect((await runTraining(settings, { ...options, samples: 0 })).samples).toEqual([]);
  for (const samples of [-1, 1.5]) {
    await expect(runTraining(settings, { ...options, samples })).rejects.toThrow(
      `runTraining: samples must be a whole number of at least 0; got ${samples}`,
    );
  }
});

it('a hundred runs in one process take no more WebAssembly memory than ten', async () => {
  const settings: Settings = { ...small, maxSteps: 3, valInterval: 0, sampleInterval: 0 };
  const bytes = () =>
    (backend() as KernelBackend & { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const run = async (n: number) => {
    for (let i = 0; i < n; i++) {
      await runTraining({ ...settings, model: modelNames[i % modelNames.length] }, options);
    }
  };
  await run(10);
  const [before, { numTensors }] = [bytes(), memory()];
  await run(90);
  expect(memory().numTensors).toBe(numTensors);
  expect(bytes()).toBe(before);
});

it('refuses checkpoints of other settings, naming what differs', async () => {
  const store = mapStore();
  await runTraining(small, { ...options, store });
  await expect(runTraining({ ...small, lr: 0.5 }, { ...options, store })).rejects.toThrow(
    /the run can't resume with other settings than its checkpoint of step 20 has: lr is 0.1, not 0.5; give it those settings, or a store of its own/,
  );
});

it('warns once that checkpoints can’t be written, and continues', async () => {
  const warn = vi.fn<(message: string) => void>();
  const store = { ...mapStore(), write: () => Promise.reject(new Error('full')) };
  const { outcome } = await runTraining(small, { ...options, store, warn });
  expect(outcome.reason).toBe('finished');
  expect(warn.mock.calls).toEqual([
    ["a checkpoint can't be written: full; those before stay, the run continues"],
  ]);
});

it('loads built-in names by default', async () => {
  const settings = { ...small, maxSteps: 1, valInterval: 0, sampleInterval: 0 };
  const { settings: after } = await runTraining(settings, { compile });
  expect(after.dataSha256).toBe((await loadText('names')).sha256);
});
