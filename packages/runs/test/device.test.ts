// What computes a run's steps: wasm or, by a compiler whose functions answer later, a GPU.
import type { Compile, Feeds } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  contradictionsOf,
  defaultSettings,
  hashFingerprint,
  prepareData,
  reasonForWasm,
  resolveSettings,
  runTraining,
} from '../src/index.js';
import type { RawSettings, RunTrainingOptions, Settings } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const loaded = { name: 'names', text, characters: text.length, sha256: '0'.repeat(64) };
const options: RunTrainingOptions = { compile, samples: 2, loadText: async () => loaded };
const small: Settings = {
  ...defaultSettings,
  contextSize: 4,
  dEmbed: 4,
  dHidden: 8,
  optimizer: 'adamw',
  maxSteps: 12,
  valInterval: 5,
  sampleInterval: 6,
  checkpointInterval: 4,
  shards: 'auto',
};

/** As a GPU's compiler, but that it computes on wasm, and so the same digits. */
const gpu: Compile = <Inputs extends readonly Tensor[]>(
  step: (...inputs: Inputs) => Tensor,
  settings?: Parameters<Compile>[1],
) => {
  const here = compile(step, settings);
  const refuse = (): never => {
    throw new Error('use readLater');
  };
  return Object.assign(refuse, {
    read: refuse,
    readInto: refuse,
    readLater: async (...feeds: Feeds<Inputs>) => Float32Array.from(here.read(...feeds)),
    sync: () => Promise.resolve(),
    arithmetic: 'compiled for WebGPU',
    rehearse: () => here.rehearse(),
    dispose: () => here.dispose(),
  });
};

describe('a run on a GPU', () => {
  it('is the same run, with a fingerprint of its own', async () => {
    const here = await runTraining(small, options);
    const there = await runTraining({ ...small, device: 'webgpu' }, { ...options, gpu });
    expect(here.settings.device).toBe('wasm');
    expect(there.settings).toEqual({ ...here.settings, device: 'webgpu', shards: 1 });
    expect(there.outcome.arithmetic).toBe('compiled for WebGPU');
    expect(there.fingerprint).toEqual({ ...here.fingerprint, arithmetic: 'compiled for WebGPU' });
    expect(hashFingerprint(there.fingerprint)).not.toBe(hashFingerprint(here.fingerprint));
    expect(there.evaluation).toEqual(here.evaluation);
    expect(there.samples).toEqual(here.samples);
  });

  it('needs one', async () => {
    const run = runTraining({ ...small, device: 'webgpu' }, options);
    await expect(run).rejects.toMatchObject({
      name: 'UserError',
      message: 'the device webgpu needs a GPU, and there is none here; choose wasm',
      keys: ['device'],
    });
  });

  it('goes on on wasm, and back, where its user says so alone', async () => {
    const store = memoryStore();
    const onGpu = (settings: Partial<Settings>) =>
      runTraining({ ...small, device: 'webgpu', ...settings }, { ...options, gpu, store });
    const onWasm = (settings: Partial<Settings>) =>
      runTraining({ ...small, ...settings }, { ...options, store });
    const straight = await runTraining({ ...small, maxSteps: 20 }, options);
    await onWasm({ maxSteps: 4 });
    const second = await onGpu({ maxSteps: 8 });
    expect(second.outcome.arithmetic).toBe('compiled to step 4, then compiled for WebGPU');
    expect(second.fingerprint.arithmetic).toBe(second.outcome.arithmetic);
    await onGpu({ maxSteps: 12 });
    const third = await onWasm({ maxSteps: 16 });
    const both = 'compiled to step 4, compiled for WebGPU to step 12, then compiled';
    expect(third.outcome.arithmetic).toBe(both);
    const last = await onWasm({ maxSteps: 20 });
    expect(last.outcome.arithmetic).toBe(both);
    expect(last.metrics).toEqual({
      ...straight.metrics,
      stepsPerSecond: last.metrics.stepsPerSecond,
    });
    expect(last.evaluation).toEqual(straight.evaluation);
    const other: NonNullable<RunTrainingOptions['compile']> = (step, settings) =>
      Object.assign(compile(step, settings), { arithmetic: 'otherwise' });
    const same = { ...small, device: 'wasm', maxSteps: 24 } as const;
    await expect(runTraining(same, { ...options, compile: other, store })).rejects.toThrow(
      'train.arithmetic is "compiled", not "otherwise"',
    );
  });
});

describe('a device that is left open', () => {
  const prepared = (settings: Settings) => prepareData(settings, loaded);
  it.each<[RawSettings, string | undefined]>([
    [{}, 'steps of 0.90 million multiplications, where a GPU is worth while from 10 on'],
    [{ model: 'cnn' }, 'steps of 6 million multiplications, where a GPU is worth while from 10 on'],
    [{ preset: 'course-gpt-small' }, undefined],
    [{ preset: 'course-gpt-small', compile: false }, 'steps that run as they are'],
    [{ preset: 'course-gpt-small', accumulate: 2 }, 'batches that are cut'],
    [{ preset: 'course-gpt-small', shards: 2 }, 'batches that are cut'],
  ])('%j is computed on wasm: %s', async (flags, reason) => {
    const settings = resolveSettings({ flags: { data: 'a.txt', ...flags } });
    expect(reasonForWasm(settings, await prepared(settings))).toBe(reason);
  });

  it.each<[Partial<Settings>, RunTrainingOptions, string]>([
    [{}, { gpu }, 'wasm'],
    [{ dHidden: 8000 }, { gpu }, 'webgpu'],
    [{ dHidden: 8000 }, {}, 'wasm'],
  ])('%j is decided by the model and by what there is', async (own, more, device) => {
    const settings = { ...small, maxSteps: 1, ...own, device: 'auto' } as const;
    const run = await runTraining(settings, { ...options, ...more });
    expect(run.settings.device).toBe(device);
  });

  it.each([
    [
      { shards: 2 },
      '--device webgpu computes batches as a whole; got --shards 2, which is for wasm',
    ],
    [
      { accumulate: 2 },
      '--device webgpu computes batches as a whole; got --accumulate 2, which is for wasm',
    ],
    [
      { compile: false },
      '--device webgpu needs compiled steps; got --compile false, which is for wasm',
    ],
  ])('a GPU isn’t named with %j', (own, message) => {
    const settings = { ...defaultSettings, device: 'webgpu', ...own } as const;
    expect(contradictionsOf(settings).map((problem) => problem.message)).toEqual([message]);
    expect(contradictionsOf({ ...settings, device: 'auto' })).toEqual([]);
  });
});
