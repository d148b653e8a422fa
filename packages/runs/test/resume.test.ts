// With which settings a run may go on, and what it then gives.
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { decisiveSettings, defaultSettings, resumeObstacles, runTraining } from '../src/index.js';
import type { RunTrainingOptions, Settings } from '../src/index.js';
import { memoryStore } from './memory-store.js';

const sha = (digit: string): string => digit.repeat(64);

describe('resumeObstacles', () => {
  const before: Settings = { ...defaultSettings, dataSha256: sha('0') };
  it.each<[string, Partial<Settings>]>([
    ['more steps', { maxSteps: 20_000 }],
    ['fewer steps', { maxSteps: 500 }],
    [
      'other intervals',
      {
        valInterval: 7,
        logInterval: 7,
        watchInterval: 7,
        sampleInterval: 7,
        checkpointInterval: 7,
      },
    ],
    ['a text that lies elsewhere', { data: '/elsewhere/names.txt' }],
    ['a default written out', { tokenizer: 'characters', weightDecay: 0 }],
    ['other threads', { workers: 3 }],
    ['a preset that stands for the same settings', { preset: 'lecture-mlp' }],
  ])('has none against %s', (_, change) => {
    expect(resumeObstacles(before, { ...before, ...change })).toEqual([]);
    expect(resumeObstacles({ ...before, ...change }, before)).toEqual([]);
  });
  it.each<[Partial<Settings>, string]>([
    [{ lr: 0.5 }, 'lr is 0.01, not 0.5'],
    [{ seed: 7 }, 'seed is 101, not 7'],
    [{ batchSize: 7 }, 'batchSize is 32, not 7'],
    [{ weightDecay: 0.1 }, 'weightDecay is 0, not 0.1'],
    [{ compile: false }, 'compile is true, not false'],
    [{ shards: 2 }, 'shards is 1, not 2'],
    [{ accumulate: 4 }, 'accumulate is 1, not 4'],
    [{ packedRows: 2 }, 'packedRows is 1, not 2'],
    [{ dataSha256: sha('1') }, `dataSha256 is "${sha('0')}", not "${sha('1')}"`],
    [{ dataSha256: undefined, data: 'other.txt' }, 'data is "names", not "other.txt"'],
    [{ patience: 3 }, 'patience is 0, not 3 (the best weights are kept with a patience alone'],
  ])('names %j', (change, expected) => {
    const obstacles = resumeObstacles(before, { ...before, ...change });
    expect(obstacles).toHaveLength(1);
    expect(obstacles[0].startsWith(expected), obstacles[0]).toBe(true);
  });
  it.each(['cosine', 'one-cycle'] as const)('keeps the length of a %s schedule', (schedule) => {
    const fitted: Settings = { ...before, schedule };
    expect(resumeObstacles(fitted, { ...fitted, maxSteps: 20_000 })).toEqual([
      `maxSteps is 10000, not 20000 (the rates of its ${schedule} schedule are laid out for all steps, from the first on)`,
    ]);
  });
  it('lets a patience be another, but neither come nor go', () => {
    const patient: Settings = { ...before, patience: 3 };
    expect(resumeObstacles(patient, { ...patient, patience: 5, minDelta: 0.1 })).toEqual([]);
    expect(resumeObstacles(patient, before)).toHaveLength(1);
  });
  it('takes AdamW’s weight decay for its own where none is set', () => {
    const adamw: Settings = { ...before, optimizer: 'adamw' };
    expect(resumeObstacles(adamw, { ...adamw, weightDecay: 0.01 })).toEqual([]);
    expect(resumeObstacles(adamw, { ...adamw, weightDecay: 0 })).toHaveLength(1);
  });
  it('has rates that are laid out for its steps where they are a share of them, or fall until the last', () => {
    const why = (own: Partial<Settings>): string[] =>
      resumeObstacles({ ...before, ...own }, { ...before, ...own, maxSteps: 7 });
    expect(why({ warmupSteps: '5%' })).toEqual([
      'maxSteps is 10000, not 7 (the rates of its constant schedule are laid out for all steps, from the first on)',
    ]);
    expect(why({ schedule: 'linear' })).toHaveLength(1);
    expect(why({ schedule: 'linear', decaySteps: 50 })).toEqual([]);
  });
  it('leaves what is not decisive out of what identifies the first steps', () => {
    const other: Settings = {
      ...before,
      maxSteps: 1,
      logInterval: 1,
      data: 'x',
      dataSha256: sha('1'),
    };
    expect(decisiveSettings(other)).toEqual(decisiveSettings(before));
    expect(decisiveSettings({ ...before, lr: 1 })).not.toEqual(decisiveSettings(before));
    expect(decisiveSettings({ ...before, shards: 2 })).not.toEqual(decisiveSettings(before));
  });
  it('takes shards that are to be chosen for its own', () => {
    expect(resumeObstacles({ ...before, shards: 3 }, { ...before, shards: 'auto' })).toEqual([]);
  });
  it('knows a run of 0.1.0, which had no shards, as one of today', () => {
    const { shards: _, accumulate: __, packedRows: ___, workers: ____, ...others } = before;
    const { muonMomentum: _____, muonRate: ______, averageWeights: _______, ...old } = others;
    expect(decisiveSettings(old)).toEqual(decisiveSettings(before));
    expect(resumeObstacles(old, before)).toEqual([]);
    expect(resumeObstacles(old, { ...before, shards: 2 })).toEqual(['shards is 1, not 2']);
  });
});

describe('a run that is trained longer', () => {
  beforeAll(() => startBackend());
  const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
  const options: RunTrainingOptions = {
    compile,
    loadText: async () => ({ name: 'names', text, characters: text.length, sha256: sha('0') }),
  };
  const small: Settings = {
    ...defaultSettings,
    dEmbed: 4,
    dHidden: 8,
    lr: 0.1,
    maxSteps: 20,
    valInterval: 10,
    checkpointInterval: 5,
  };
  it.each<Partial<Settings>>([
    { optimizer: 'adam', lr: 0.01, warmupSteps: 3 },
    { schedule: 'step', stepSize: 7, momentum: 0.9, reshuffle: true },
    { optimizer: 'muon', averageWeights: 0.9, patience: 9, valInterval: 5, decayMatrices: true },
    { optimizer: 'schedule-free', shards: 2, warmupSteps: 5, clipNorm: 1 },
    { schedule: 'linear', warmupSteps: 2, decaySteps: 40, averageWeights: 0.5 },
  ])('%j ends with the bytes of one that was as long from the start', async (change) => {
    const settings: Settings = { ...small, ...change };
    const long: Settings = { ...settings, maxSteps: 33 };
    const straight = await runTraining(long, options);
    const store = memoryStore();
    await runTraining(settings, { ...options, store });
    const longer = await runTraining(long, { ...options, store });
    expect(longer.outcome).toMatchObject({ step: 33, reason: 'finished' });
    expect(longer.model).toEqual(straight.model);
    expect(longer.evaluation).toEqual(straight.evaluation);
  });

  it('can’t end before it is', async () => {
    const store = memoryStore();
    await runTraining(small, { ...options, store });
    await expect(runTraining({ ...small, maxSteps: 19 }, { ...options, store })).rejects.toThrow(
      'the run has done 20 steps; maxSteps must be at least that; got 19',
    );
  });

  it('does no step where its signal is aborted from the start', async () => {
    const signal = AbortSignal.abort();
    const { outcome, settings } = await runTraining(small, { ...options, signal });
    expect(outcome).toMatchObject({ step: 0, reason: 'stopped' });
    expect(settings.maxSteps).toBe(20);
  });
});
