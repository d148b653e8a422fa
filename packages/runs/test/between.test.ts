// Runs that are looked into between their steps: every kind ends with the bytes of one that nobody looks into.
import { Worker } from 'node:worker_threads';
import { watchActivations, watchParameters } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { memory, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings, modelNames, type Run, runTraining } from '../src/index.js';
import type { RunTrainingOptions, Settings, TrainedRun } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const options: RunTrainingOptions = {
  compile,
  samples: 3,
  loadText: async () => ({ name: 'names', text, characters: text.length, sha256: '0'.repeat(64) }),
  spawnWorker: () => new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [] }),
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
  shards: 1,
  packedSize: 64,
};
const blocks = { examples: 'blocks', alphabet: 'auto', batchSize: 4 } as const;

/** What doesn't depend on time. */
const resultOf = ({ metrics, evaluation, samples, model, outcome }: TrainedRun) => ({
  metrics: { ...metrics, stepsPerSecond: 0 },
  evaluation,
  samples,
  model,
  best: outcome.best,
});

/** A batch of two rows, with as many targets as the model scores. */
function batchFor({ trained, model }: Run) {
  const T = model.contextSize;
  const inputs = Int32Array.from({ length: 2 * T }, (_, i) => (i * 5) % 7);
  const targets = tidy(() => trained.logits(tensor2d(inputs, [2, T], 'int32')).shape[0]);
  return { size: 2, contextSize: T, inputs, targets: new Int32Array(targets).fill(1) };
}

/** Everything that a page does to show a run. */
async function look(run: Run): Promise<void> {
  const batch = batchFor(run);
  watchActivations(run.trained).look(batch);
  const parameters = watchParameters(run.trained);
  parameters.look(batch);
  parameters.dispose();
  run.sample(2);
  await run.evaluate();
  run.save();
}

const sizes: Partial<Settings> = { layers: 2, heads: 2, dropout: 0.2 };

const cases: [string, Settings][] = [
  ...modelNames.map((model): [string, Settings] => [model, { ...small, model }]),
  ...modelNames.map((model): [string, Settings] => [
    `${model} on random blocks, validated on some`,
    { ...small, ...blocks, model, contextSize: 4, valBatches: 2, valSize: 0.3 },
  ]),
  [
    'a GPT with dropout',
    { ...small, ...sizes, ...blocks, model: 'gpt', contextSize: 4, valSize: 0.3 },
  ],
  ['an LSTM with dropout', { ...small, ...sizes, model: 'lstm' }],
  [
    'a WaveNet with dropout, shuffled',
    { ...small, model: 'wavenet', dropout: 0.3, reshuffle: true },
  ],
  ['a deep MLP with batch norm', { ...small, layers: 2, batchNorm: true, residual: true }],
  ['an MLP with averaged weights', { ...small, averageWeights: 0.9, patience: 9 }],
  ['an MLP without a schedule', { ...small, optimizer: 'schedule-free', warmupSteps: 5 }],
  ['an MLP with patience', { ...small, lr: 0.05, maxSteps: 40, patience: 1 }],
  ['a run that isn’t compiled', { ...small, compile: false }],
  ['shards on one thread', { ...small, shards: 3, workers: 1 }],
  ['shards on three threads, averaged', { ...small, shards: 3, workers: 3, averageWeights: 0.9 }],
  [
    'shards of a WaveNet with dropout on two threads',
    {
      ...small,
      model: 'wavenet',
      dropout: 0.3,
      packedSize: 16,
      packedRows: 4,
      shards: 2,
      workers: 2,
    },
  ],
];

describe.each(cases)('%s', (_, settings) => {
  it('ends with the same bytes where it is looked into, saved and stopped', async () => {
    const straight = resultOf(await runTraining(settings, options));
    const steps: number[] = [];
    const watched = await runTraining(settings, {
      ...options,
      store: memoryStore(),
      between(at, run) {
        steps.push(at.step);
        return at.step % 4 === 3 ? Promise.all([at.save(), look(run)]).then(() => {}) : undefined;
      },
    });
    expect(resultOf(watched)).toEqual(straight);
    expect(steps).toEqual(Array.from({ length: straight.metrics.step }, (__, step) => step));

    const store = memoryStore();
    const controller = new AbortController();
    const stopped = await runTraining(settings, {
      ...options,
      store,
      signal: controller.signal,
      between({ step }, run) {
        if (step === 7) controller.abort();
        return step % 5 === 2 ? look(run) : undefined;
      },
    });
    expect(stopped.outcome).toMatchObject({ step: 7, reason: 'stopped' });
    expect(resultOf(await runTraining(settings, { ...options, store }))).toEqual(straight);
  });
});

it('leaves no tensor behind', async () => {
  const run = () =>
    runTraining({ ...small, maxSteps: 3 }, { ...options, between: (_, of) => look(of) });
  await run();
  const { numTensors, numDataBuffers } = memory();
  await run();
  expect(memory()).toMatchObject({ numTensors, numDataBuffers });
});
