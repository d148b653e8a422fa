// Runs that begin with the weights of another, on other texts.
import { CharTokenizer, type TextTokenizer } from '@llm101/data';
import type { TensorData } from '@llm101/safetensors';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  fitInitial,
  initialSettings,
  prepareData,
  readModel,
  resolveSettings,
  Run,
  runTraining,
  UsageError,
  type Settings,
} from '../src/index.js';
import { memoryStore } from './memory-store.js';

const sha256 = '0'.repeat(64);
const load = (text: string) => async () => ({
  name: 'text',
  text,
  characters: text.length,
  sha256,
});
const small: Settings = {
  ...defaultSettings,
  alphabet: 'auto',
  dEmbed: 3,
  dHidden: 5,
  contextSize: 4,
  lr: 0.1,
  maxSteps: 12,
  valInterval: 0,
};
const first = 'anna\nbab\nnab\nan\n';
const second = 'anna\nzab\nnéz\nban\n';

beforeAll(() => startBackend());

/** The tokenizer of a run on a text that begins with a model. */
function tokenizerOf(
  own: TextTokenizer,
  text: string,
  settings: Pick<Settings, 'examples' | 'growVocabulary'>,
): TextTokenizer {
  const fit = fitInitial(own, { ...settings, data: 'new.txt' });
  if (!('push' in fit)) return fit;
  fit.push(text);
  return fit.end();
}

describe('a run that begins with a model', () => {
  const options = { compile, loadText: load(second) };
  const begin = async (change: Partial<Settings> = {}) => {
    const { model } = await runTraining(
      { ...small, ...change },
      { compile, loadText: load(first) },
    );
    const initial = readModel(model);
    const own = { examples: 'lines', growVocabulary: true } as const;
    const tokenizer = tokenizerOf(initial.tokenizer, second, own);
    const settings: Settings = { ...small, ...change, initFrom: 'first', growVocabulary: true };
    return { initial, tokenizer, settings };
  };

  it('has its weights, and means of them for new tokens', async () => {
    const { initial, tokenizer, settings } = await begin();
    expect(tokenizer.alphabet).toBe('abnzé');
    const signal = AbortSignal.abort();
    const { model } = await runTraining(settings, { ...options, initial, tokenizer, signal });
    const { tensors, config } = readModel(model);
    expect(config.vocabSize).toBe(6);
    expect(tensors['linear1.weight']).toEqual(initial.tensors['linear1.weight']);
    for (const [name, inner] of [
      ['embedding.weight', 3],
      ['linear2.weight', 5],
      ['linear2.bias', 1],
    ] as const) {
      const [old, grown] = [initial.tensors[name], tensors[name]].map(({ data }) =>
        Array.from(data, Number),
      );
      expect(grown.slice(0, old.length)).toEqual(old);
      const mean = Array.from({ length: inner }, (_, i) =>
        old.filter((_, at) => at % inner === i).reduce((a, b) => a + b / (old.length / inner), 0),
      );
      expectClose(grown.slice(old.length), [...mean, ...mean], { absolute: 1e-7 });
    }
  });

  it('goes on exactly where it was cut short, and is the same again', async () => {
    const { initial, tokenizer, settings } = await begin({ model: 'wavenet', optimizer: 'adamw' });
    const more = { ...options, initial, tokenizer };
    const straight = await runTraining(settings, more);
    const store = memoryStore();
    await runTraining({ ...settings, maxSteps: 5 }, { ...more, store });
    const rest = await runTraining(settings, { ...more, store });
    expect(rest.model).toEqual(straight.model);
    await expect(
      runTraining(settings, { ...more, store, initial: { ...initial, tensors: {} } }),
    ).rejects.toThrow("the model of --init-from doesn't fit the settings: ");
  });

  it('needs the model that its settings name, of the same sizes', async () => {
    const { initial, tokenizer, settings } = await begin();
    await expect(runTraining(settings, { ...options, tokenizer })).rejects.toThrow(
      'Run: initial must be the model of first; got none',
    );
    const wider = { ...settings, dHidden: 6 };
    await expect(runTraining(wider, { ...options, tokenizer, initial })).rejects.toThrow(
      "the model of --init-from doesn't fit the settings: loadStateDict: linear1.weight must be F32 [6, 12]",
    );
  });

  it('needs weights that are finite', async () => {
    const { initial, tokenizer, settings } = await begin();
    const bias: TensorData = { dtype: 'F32', shape: [5], data: Float32Array.of(0, 1, NaN, 3, 4) };
    const damaged = { ...initial, tensors: { ...initial.tensors, 'linear1.bias': bias } };
    await expect(
      runTraining(settings, { ...options, tokenizer, initial: damaged }),
    ).rejects.toThrow(
      'the model of --init-from must have finite weights; linear1.bias has NaN; take one that',
    );
  });

  it('keeps no tensor', async () => {
    const { initial, tokenizer, settings } = await begin();
    await expectNoLeak(() => runTraining(settings, { ...options, initial, tokenizer }));
  });
});

describe('fitInitial', () => {
  const own = CharTokenizer.fromAlphabet('abc');
  const text = 'cabé\nzz\n';
  it('lists what the model lacks', () => {
    const settings = { examples: 'lines', growVocabulary: false } as const;
    expect(() => tokenizerOf(own, text, settings)).toThrow(
      "new.txt must hold only characters that the model of --init-from knows; it also has 'z' (U+007A), 'é' (U+00E9); " +
        'take them out, or pass --grow-vocabulary',
    );
    expect(tokenizerOf(own, 'abba\n', settings)).toBe(own);
  });
  it('knows line ends in blocks', () => {
    const settings = { examples: 'blocks', growVocabulary: true } as const;
    const blocks = CharTokenizer.fromAlphabet('abc', { padding: false });
    const grown = tokenizerOf(blocks, text, settings);
    expect([grown.alphabet, grown.paddingIndex]).toEqual(['abc\nzé', undefined]);
  });
  it('gives the end another symbol where its own becomes a character', () => {
    expect(own.padding).toBe('.');
    const text = 'a.b\n';
    const keeps = { examples: 'lines', growVocabulary: false } as const;
    expect(() => tokenizerOf(own, text, keeps)).toThrow("it also has '.' (U+002E); take them out");
    const grown = tokenizerOf(own, text, { examples: 'lines', growVocabulary: true });
    expect([grown.alphabet, grown.padding, grown.paddingIndex]).toEqual(['abc.', '_', 0]);
    expect(Array.from(grown.encode('a.b'))).toEqual([1, 4, 2]);
  });
  it('keeps graphemes apart that would be one side by side', () => {
    const settings = { examples: 'blocks', growVocabulary: true } as const;
    const graphemes = { characters: 'graphemes', padding: false } as const;
    const accents = CharTokenizer.fromAlphabet(['a', '\u0301', 'b'], graphemes);
    const grown = tokenizerOf(accents, 'bc\u0301d\n\u0300', settings);
    expect(grown.vocabSize).toBe(3 + 4);
    expect(Array.from(grown.encode('\u0301b'))).toEqual([1, 2]);
    expect(grown.firstUnknown('bc\u0301d\n\u0300')).toBeUndefined();
  });
});

describe('settings', () => {
  const initial = { path: 'runs/first', settings: initialSettings({ ...small, model: 'mlp' }) };
  it('are those of the model where nothing else is said', () => {
    const settings = resolveSettings({ flags: { initFrom: 'runs/first', lr: 0.5 }, initial });
    expect(settings).toMatchObject({
      dEmbed: 3,
      dHidden: 5,
      contextSize: 4,
      lr: 0.5,
      batchSize: 32,
    });
  });
  it.each([
    [
      { dHidden: 6 },
      '--d-hidden must be as the model of runs/first has it, 5; got 6; leave it out',
    ],
    [{ preset: 'wavenet' }, '--model must be as the model of runs/first has it, mlp; got wavenet'],
    [
      { tokenizer: 'bpe' },
      '--tokenizer must be as the model of runs/first has it, characters; got bpe; leave it out',
    ],
    [{ tokenizerFile: 'v.json' }, '--tokenizer-file is for a run that begins anew'],
    [{ alphabet: 'abc' }, '--alphabet must be as the model of runs/first has it, auto; got abc'],
  ])('refuses %j', (flags, message) => {
    const sources = { flags: { initFrom: 'runs/first', ...flags }, initial };
    expect(() => resolveSettings(sources)).toThrow(UsageError);
    expect(() => resolveSettings(sources)).toThrow(message);
  });
});

it('settings of a model with a tokenizer from a file take no other', () => {
  const own = initialSettings({ ...small, model: 'mlp', tokenizerFile: 'vocab.json' });
  const initial = { path: 'first', settings: own };
  expect(resolveSettings({ flags: { initFrom: 'first' }, initial }).tokenizer).toBeUndefined();
  expect(() =>
    resolveSettings({ flags: { initFrom: 'first', tokenizer: 'characters' }, initial }),
  ).toThrow('--tokenizer must be as the model of first has it, from a file; got characters');
});

describe('epochs', () => {
  const text = { compile, loadText: load('anna\nbabb\nnabb\nanan\n') };
  it('are as many steps as passes over the text have', async () => {
    const { maxSteps: _, ...open } = { ...small, batchSize: 4 };
    const { settings } = await runTraining({ ...open, maxSteps: 1, epochs: 2.5 }, text);
    expect(settings).toMatchObject({ maxSteps: Math.ceil(2.5 * Math.ceil(15 / 4)) }); // of three lines: letters and ends
    expect(settings).not.toHaveProperty('epochs');
  });
  it('are passes that end, also where lines are cut into pieces that overlap', async () => {
    const lines = Array.from({ length: 8 }, (_, i) => 'abcd'.repeat(5 + i)).join('\n');
    const own = { model: 'gru', contextSize: 8, batchSize: 2, dEmbed: 3, dHidden: 4 } as const;
    const settings: Settings = { ...small, ...own, epochs: 1 };
    const run = new Run(settings, await prepareData(settings, await load(lines)()));
    const { maxSteps } = run.settings;
    const before = run.batches.state();
    const { train } = run.data;
    const seen = (steps: number): number => {
      run.batches.load(before);
      const batches = run.batches[Symbol.iterator]();
      let targets = 0;
      for (let step = 0; step < steps; step++) {
        targets += batches.next().value.weights?.reduce((sum, weight) => sum + weight, 0) ?? 0;
      }
      return targets;
    };
    const positions = 'positions' in train.tokens ? train.tokens.positions : 0;
    expect(seen(maxSteps)).toBe(positions);
    expect(seen(maxSteps - 1)).toBeLessThan(positions);
    run.dispose();
  });
  it('give way to steps that are said later, and take their place otherwise', () => {
    const file = { path: 'run.json', settings: { maxSteps: 7 } };
    expect(resolveSettings({ flags: { epochs: 2 }, file })).toMatchObject({
      epochs: 2,
      maxSteps: 10_000,
    });
    const later = { path: 'run.json', settings: { epochs: 3 } };
    expect(resolveSettings({ flags: { maxSteps: 5 }, file: later })).not.toHaveProperty('epochs');
    expect(() => resolveSettings({ flags: { epochs: 1, maxSteps: 5 } })).toThrow(
      '--epochs and --max-steps both say how long the training is; leave one out',
    );
  });
  it('count each target of a batch, as do the random batches of a validation', async () => {
    const characters = 'abcd'.repeat(300_000);
    const blocks = { examples: 'blocks', contextSize: 8, batchSize: 4, valSize: 0.25 } as const;
    const own = { ...blocks, model: 'megabyte', dEmbed: 4, heads: 1, localLayers: 1 } as const;
    const run = new Run(
      { ...defaultSettings, ...own, alphabet: 'auto', epochs: 1 },
      await prepareData({ ...defaultSettings, ...own, alphabet: 'auto' }, await load(characters)()),
    );
    expect(run.settings.maxSteps).toBe(Math.ceil(900_000 / 32));
    expect(run.settings.valBatches).toBe(2 ** 16 / 32);
    run.dispose();
  });
  it('are too few for a warm-up of more steps', async () => {
    const settings = { ...small, batchSize: 4, warmupSteps: 5, epochs: 1 };
    await expect(runTraining(settings, text)).rejects.toThrow(
      '--warmup-steps must be below --max-steps; got 5 of 4',
    );
  });
});
