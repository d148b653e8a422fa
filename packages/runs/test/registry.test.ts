// What the registries say of themselves: each kind alone decides what a run is made of.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  contradictionsOf,
  makeModel,
  modelConfigOf,
  modelKinds,
  modelNames,
  optimizerKinds,
  parameterCount,
  parseModelConfig,
  scheduleKinds,
  settingHelp,
  settingKeys,
  tokenizerKinds,
  type Settings,
} from '../src/index.js';

beforeAll(() => startBackend());

const settingsOf = (own: Partial<Settings>): Settings => ({ ...defaultSettings, ...own });
const messagesOf = (own: Partial<Settings>): string[] =>
  contradictionsOf(settingsOf(own)).map(({ message }) => message);

/** Sizes that a model of 0.1.0 lacks. */
const LATER = new Set(
  'separated activation bias batchNorm layerNorm residual dropout init'.split(' '),
);

describe.each(modelNames)('the kind %s', (name) => {
  const config = modelConfigOf(settingsOf({ model: name }), 27);
  it('counts the parameters that its model has', async () => {
    await expectNoLeak(() => {
      const model = makeModel(config, Generator.seeded(1));
      const sizes = model.parameters().map(({ size }) => size);
      expect(sizes.reduce((a, b) => a + b)).toBe(parameterCount(config));
      model.dispose();
    });
  });
  it('has a config that comes back from JSON as it was', () => {
    expect(parseModelConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });
  it('refuses a config that lacks a size', () => {
    for (const key of Object.keys(config)) {
      if (LATER.has(key)) continue;
      const { [key as keyof typeof config]: _, ...less } = config;
      expect(parseModelConfig(less)).toBeUndefined();
    }
  });
});

it('knows no config of other programs', () => {
  for (const json of [
    null,
    1,
    'mlp',
    [],
    {},
    { type: 'gpt', vocabSize: 27 },
    { type: 'constructor' },
  ]) {
    expect(parseModelConfig(json)).toBeUndefined();
  }
});

it('lists only settings that there are', () => {
  const tables = [modelKinds, optimizerKinds, scheduleKinds, tokenizerKinds];
  for (const table of tables) {
    for (const { reads } of Object.values<{ reads: object }>(table)) {
      for (const key of Object.keys(reads)) expect(settingKeys).toContain(key);
    }
  }
});

it('has help for every setting that a user can name', () => {
  for (const key of settingKeys) expect(settingHelp(key).help, key).toMatch(/^\w.*[^.]$/);
});

describe('contradictionsOf', () => {
  it.each([
    [{ depth: 3 }, '--depth is for --model wavenet; got --model mlp'],
    [
      { model: 'wavenet', dEmbed: 3 },
      '--d-embed is for --model mlp, cnn, gpt, gru, lstm, megabyte; got --model wavenet',
    ],
    [
      { beta1: 0.5 },
      '--beta1 is for --optimizer adam, adamw, muon, schedule-free; got --optimizer sgd',
    ],
    [{ gamma: 0.5 }, '--gamma is for --schedule step; got --schedule constant'],
    [
      { schedule: 'one-cycle', warmupSteps: 5 },
      '--warmup-steps is for --schedule constant, step, cosine, linear; got --schedule one-cycle',
    ],
    [{ nesterov: true }, '--nesterov needs a --momentum above 0; got 0, try 0.9'],
    [
      { patience: 1, valInterval: 0 },
      '--patience needs validations; got --val-interval 0, try 100',
    ],
    [
      { shards: 33 },
      '--shards must be at most --batch-size, a row for each part of a batch; got 33 of 32',
    ],
    [
      { shards: 4, accumulate: 16 },
      '--shards times --accumulate must be at most --batch-size, a row for each part of a batch; got 64 of 32',
    ],
    [
      { shards: 'auto', accumulate: 2, model: 'wavenet' },
      '--accumulate must be at most --packed-rows, a row for each part of a batch; got 2 of 1',
    ],
    [
      { packedRows: 2 },
      '--packed-rows is for --model wavenet with lines, gpt with lines, bigram with lines; got --model mlp',
    ],
    [
      { optimizer: 'schedule-free', averageWeights: 0.9 },
      '--average-weights is for optimizers without a mean of weights of their own; got --optimizer schedule-free',
    ],
    [{ muonRate: 'original' }, '--muon-rate is for --optimizer muon; got --optimizer sgd'],
    [
      { warmupSteps: '99%', maxSteps: 10 },
      '--warmup-steps must be below --max-steps; got 99% of 10',
    ],
    [
      { warmupSteps: 10, schedule: 'linear', decaySteps: 5 },
      '--warmup-steps must be below --decay-steps; got 10 of 5',
    ],
    [
      { optimizer: 'schedule-free', beta1: 0 },
      '--beta1 of --optimizer schedule-free must be above 0, as it divides by it; got 0',
    ],
    [{ bias: 'attention' }, '--bias of mlp must be all or none; got attention'],
    [{ model: 'megabyte', heads: 3 }, '--heads of megabyte must divide --d-embed, 8; got 3'],
    [{ warmupSteps: 10, maxSteps: 10 }, '--warmup-steps must be below --max-steps; got 10 of 10'],
  ] as const)('%o', (own, message) => {
    expect(messagesOf(own)).toEqual([message]);
  });
  it('finds none where all kinds read a setting, or it has its default', () => {
    expect(messagesOf({ model: 'wavenet', dHidden: 5 })).toEqual([]);
    expect(messagesOf({})).toEqual([]);
    expect(messagesOf({ shards: 4, accumulate: 8 })).toEqual([]);
    expect(messagesOf({ shards: 'auto', workers: 8 })).toEqual([]);
    const share = { schedule: 'linear', warmupSteps: '5%', decaySteps: 9, epochs: 1 } as const;
    expect(messagesOf(share)).toEqual([]); // 5% of how many steps isn't known yet
  });
});
