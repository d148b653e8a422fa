// Everything that is wrong with settings, at once, each with the settings that it is about.
import { DataError } from '@llm101/data';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  costOfRun,
  defaultSettings,
  prepareData,
  problemOfError,
  type RawSettings,
  resolveSettings,
  Run,
  settingProblems,
  type SettingSources,
  TextError,
  UsageError,
  UserError,
} from '../src/index.js';

beforeAll(() => startBackend());

describe('settingProblems', () => {
  const keysOf = (flags: RawSettings) => settingProblems({ flags }).map(({ keys }) => keys);
  it('lists all that is wrong, in the words of the command, the one first that it stops at', () => {
    const flags = {
      lr: -1,
      batchSize: 0,
      model: 'gpt',
      kvHeads: 3,
      positions: 'rotary',
      seed: 1.5,
    };
    const problems = settingProblems({ flags });
    expect(problems.map(({ message }) => message)).toEqual([
      '--batch-size must be a whole number of at least 1; got 0',
      '--seed must be a whole number from 0 to 4294967295; got 1.5',
      '--lr must be a number above 0; got -1',
      '--kv-heads must divide --heads, 4; got 3',
    ]);
    expect(problems.map(({ key }) => key)).toEqual(['batchSize', 'seed', 'lr', 'kvHeads']);
    expect(() => resolveSettings({ flags })).toThrow(problems[0].message);
  });
  it('finds none in the defaults', () => {
    expect(settingProblems({ flags: {} })).toEqual([]);
  });
  it('names every setting that a contradiction is about', () => {
    expect(keysOf({ depth: 3, gamma: 0.5, nesterov: true })).toEqual([
      ['depth', 'model'],
      ['gamma', 'schedule'],
      ['nesterov', 'momentum'],
    ]);
    expect(keysOf({ packedRows: 2, model: 'wavenet', examples: 'blocks' })).toEqual([
      ['packedRows', 'examples'],
    ]);
    expect(keysOf({ shards: 4, accumulate: 16 })).toEqual([['shards', 'accumulate', 'batchSize']]);
    expect(keysOf({ epochs: 2, maxSteps: 5 })).toEqual([['epochs', 'maxSteps']]);
    expect(keysOf({ warmupSteps: '50%', decaySteps: 5, schedule: 'linear' })).toEqual([
      ['warmupSteps', 'decaySteps'],
    ]);
    expect(keysOf({ model: 'cnn', contextSize: 12 })).toEqual([['contextSize', 'model']]);
  });
  it('finds all that is wrong with the sizes of a model, but nothing that follows from another', () => {
    const gpt = {
      model: 'gpt',
      dEmbed: 30,
      heads: 4,
      kvHeads: 3,
      activation: 'relu',
      bias: 'head',
    };
    expect(keysOf(gpt)).toEqual([
      ['activation', 'model'],
      ['heads', 'dEmbed'],
      ['bias', 'tiedHead'],
    ]);
    expect(keysOf({ batchNorm: true, layerNorm: true, bias: 'norm', init: 'gpt-2' })).toEqual([
      ['batchNorm', 'layerNorm'],
      ['bias', 'model'],
      ['init', 'model'],
    ]);
  });
  it('says nothing about what a wrong value would contradict', () => {
    expect(keysOf({ model: 'cnm', depth: 3 })).toEqual([['model']]);
    expect(keysOf({ warmupSteps: -1, maxSteps: 0 })).toEqual([['maxSteps'], ['warmupSteps']]);
  });
  it('names a key that is no setting, and a hash, without a field to show it at', () => {
    const problems = settingProblems({ flags: { size: 3, dataSha256: 'x', lr: 'a' } });
    expect(problems.map(({ key }) => key)).toEqual(['lr', undefined, undefined]);
    expect(problems.map(({ message }) => message).join()).toMatch(
      /--size isn't a setting; leave it out/,
    );
  });
  it.each([
    ['dEmbd', '--d-embed'],
    ['lerningRate', '--lr'],
    ['learning-rate', '--lr'],
    ['testsize', '--val-size'],
  ])('says of %s that %s was likely meant', (key, flag) => {
    const [{ message }] = settingProblems({ flags: { [key]: 1 } });
    expect(message).toMatch(new RegExp(`isn't a setting; did you mean ${flag}\\?$`));
  });
  it.each(['constructor', 'toString', 'hasOwnProperty'])('suggests nothing for %s', (key) => {
    const [{ message }] = settingProblems({ flags: { [key]: 1 } });
    expect(message).toMatch(/isn't a setting; leave it out$/);
  });
  it('says where each is set', () => {
    const sources: SettingSources = {
      flags: { dEmbed: 5 },
      environment: { lr: 0 },
      file: { path: 'a.json', settings: { seed: -1 } },
      initial: { path: 'first', settings: { model: 'mlp', dEmbed: 8, dHidden: 64 } },
    };
    expect(settingProblems(sources).map(({ message }) => message)).toEqual([
      '--d-embed must be as the model of first has it, 8; got 5; leave it out',
      'a.json: seed must be a whole number from 0 to 4294967295; got -1',
      'LLM101_LR must be a number above 0; got 0',
    ]);
  });
});

describe('an error', () => {
  const thrown = async (own: RawSettings, text = 'anna\nbob\neve\nada\n'): Promise<unknown> => {
    const settings = { ...resolveSettings({ flags: { alphabet: 'auto', ...own } }), data: 'text' };
    const loaded = { name: 'text', text, characters: text.length, sha256: 'a'.repeat(64) };
    try {
      new Run(settings, await prepareData(settings, loaded)).dispose();
    } catch (error) {
      return error;
    }
    throw new TypeError('must have thrown');
  };
  it('of settings has their keys', () => {
    const resolve = () => resolveSettings({ flags: { gamma: 0.5 } });
    expect(resolve).toThrow(UsageError);
    expect(resolve).toThrow(expect.objectContaining({ keys: ['gamma', 'schedule'] }));
  });
  const blocks = { examples: 'blocks' };
  it.each([
    [{ ...blocks, contextSize: 99 }, 'contextSize', /block of --context-size 99/],
    [{ ...blocks, contextSize: 6, valSize: 0.2 }, 'contextSize', /the part held out must have/],
    [{ valSize: 0.9 }, 'valSize', /--val-size must leave some/],
    [{ alphabet: 'anboe' }, 'data', /line 3: every character must be in the alphabet/],
    [{ batchNorm: true, batchSize: 1 }, 'batchSize', /must leave 2 rows or more/],
    [{ batchNorm: true, batchSize: 12 }, 'batchSize', /for the last batch of a pass/],
    [{ dHidden: 90_000_000 }, 'dHidden', /must fit into the memory/],
    [{ epochs: 1, warmupSteps: 50 }, 'warmupSteps', /must be below --max-steps/],
    [{ epochs: 1e300 }, 'epochs', /must be fewer than the steps/],
    [
      { model: 'wavenet', packedSize: 3 },
      'packedSize',
      /--packed-size must be at least 16, what the model sees/,
    ],
  ] as const)(
    'that needs the text has the settings that it is about: %o',
    async (own, key, words) => {
      const problem = problemOfError(await thrown(own));
      expect(problem).toMatchObject({ key, keys: expect.arrayContaining([key]) });
      expect(problem?.message).toMatch(words);
    },
  );
  it('of a text alone is about the data, and another about none', async () => {
    const error = await thrown({}, 'anna\n');
    expect(error).toBeInstanceOf(TextError);
    expect(error).toBeInstanceOf(DataError);
    expect(problemOfError(error)?.key).toBe('data');
    expect(problemOfError(new DataError('no such file'))?.keys).toEqual(['data']);
    expect(problemOfError(new UserError('too much'))).toEqual({ keys: [], message: 'too much' });
    expect(problemOfError(new RangeError('x'))).toBeUndefined();
    expect(problemOfError(undefined)).toBeUndefined();
    expect(defaultSettings.data).toBe('names');
  });
});

describe('costOfRun', () => {
  const costOf = (flags: RawSettings) => costOfRun(resolveSettings({ flags }), 27);
  it('counts parameters and memory as sizes change', () => {
    const { parameters, bytes, problems } = costOf({});
    expect([parameters, problems]).toEqual([10_227, []]);
    expect(costOf({ batchSize: 64 }).bytes).toBeGreaterThan(bytes);
    expect(costOf({ model: 'gpt', packedRows: 8 }).bytes).toBeGreaterThan(
      costOf({ model: 'gpt' }).bytes,
    );
    expect(costOf({ shards: 4 }).bytes).toBeGreaterThan(costOf({ shards: 1 }).bytes);
  });
  it.each([
    [{ dHidden: 9_000_000 }],
    [{ model: 'gpt', packedRows: 1_000_000 }],
    [{ dEmbed: 4_500_000 }],
    [{ dHidden: 600_000, shards: 32, workers: 1 }],
  ])('refuses what a run refuses, in its words: %o', async (flags) => {
    const settings = { ...resolveSettings({ flags }), data: 'text', alphabet: 'auto' };
    const loaded = { name: 'text', text: 'anna\nbob\neve\nada\n'.repeat(50) };
    const text = { ...loaded, characters: loaded.text.length, sha256: 'a'.repeat(64) };
    const data = await prepareData(settings, text);
    const { problems } = costOfRun(settings, data.tokenizer.vocabSize);
    expect(problems).toHaveLength(1);
    expect(() => new Run(settings, data)).toThrow(problems[0].message);
    expect(problems[0].keys.length).toBeGreaterThan(0);
  });
});
