// Runs of which answers alone are learned: every kind of model, in both forms of examples by line, alone and on several threads.
import { Worker } from 'node:worker_threads';
import { loadText, type LoadedText } from '@llm101/data';
import type { TrainingEvent } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  isStream,
  modelNames,
  openModel,
  prepareData,
  resolveSettings,
  resumeObstacles,
  runTraining,
  UsageError,
  withTextBits,
} from '../src/index.js';
import type { RawSettings, RunTrainingOptions, Settings, TrainedRun } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const options: RunTrainingOptions = { compile, samples: 3 };

const settingsOf = (flags: RawSettings): Settings => resolveSettings({ flags });

const small = {
  data: 'sort:length=4,lines=60',
  dEmbed: 8,
  dHidden: 16,
  heads: 2,
  layers: 1,
  contextSize: 16,
  packedSize: 32,
  packedRows: 4,
  batchSize: 8,
  maxSteps: 12,
  valInterval: 5,
  sampleInterval: 6,
  checkpointInterval: 4,
} as const;

/** Settings of a kind, of those above which it reads. */
function settingsOfKind(model: string, more: RawSettings = {}): Settings {
  const all: RawSettings = { ...small, ...more, model };
  const read = Object.entries(all).filter(([key, value]) => {
    try {
      settingsOf({ data: small.data, model, [key]: value });
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return ['shards', 'epochs'].includes(key);
    }
  });
  return settingsOf(Object.fromEntries(read));
}

/** What doesn't depend on time. */
const resultOf = ({ metrics, evaluation, samples, model }: TrainedRun) => ({
  metrics: { ...metrics, stepsPerSecond: 0 },
  evaluation,
  samples,
  model,
});

describe.each(modelNames)('a %s that learns to sort', (model) => {
  const settings = settingsOfKind(model);

  it('is measured by answers alone, and says how many whole ones are right', async () => {
    const events: TrainingEvent[] = [];
    const listeners = [(event: TrainingEvent) => void events.push(event)];
    const { evaluation, samples, metrics } = await runTraining(settings, { ...options, listeners });
    const { val } = await prepareData(settings, await loaded(settings));
    const { length } = val.tokens;
    expect(evaluation.answers).toBe(length);
    expect(evaluation.answerAccuracy).toBeGreaterThanOrEqual(0);
    expect(metrics.valAnswerAccuracy).toBeUndefined(); // the last step had no validation
    const validated = events.flatMap((event) => (event.type === 'log' ? [event.metrics] : []));
    expect(
      validated.filter(({ valAnswerAccuracy }) => valAnswerAccuracy !== undefined),
    ).toHaveLength(2);
    for (const line of samples) expect(line).toMatch(/^[a-h]{1,4}=[a-h=]*(, not [a-h]+)?$/);
  });

  it('gives the same bytes again, cut short, and on several threads', async () => {
    const rows = { mlp: 8, cnn: 8, gru: 8, lstm: 8, megabyte: 8 }[model as string] ?? 4;
    const sharded = settingsOfKind(model, { shards: Math.min(3, rows) });
    const whole = await runTraining(sharded, options);
    const store = memoryStore();
    const controller = new AbortController();
    const stop = (event: TrainingEvent): void => {
      if (event.type === 'step' && event.step === 6) controller.abort();
    };
    const { signal } = controller;
    await runTraining(sharded, { ...options, store, signal, listeners: [stop] });
    const rest = await runTraining(sharded, { ...options, store });
    expect(resultOf(rest)).toEqual(resultOf(whole));
    const spawnWorker = () => new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [] });
    const threads = await runTraining({ ...sharded, workers: 2 }, { ...options, spawnWorker });
    expect(resultOf(threads).model).toEqual(whole.model);
    expect(threads.evaluation).toEqual(whole.evaluation);
  });

  it('gives nearly the same without a compiler, and leaves memory where it was', async () => {
    const compiled = await runTraining(settings, options);
    const { numTensors, numDataBuffers } = memory();
    const eager = await runTraining({ ...settings, compile: false }, options);
    expect(eager.evaluation.loss).toBeCloseTo(compiled.evaluation.loss, 3);
    expect({ ...memory() }).toMatchObject({ numTensors, numDataBuffers });
  });
});

async function loaded({ data }: Settings): Promise<LoadedText> {
  return loadText(data);
}

describe('the loss', () => {
  it('counts the tokens of answers and their ends', async () => {
    const settings = settingsOf({ data: 'sort:length=5,lines=50', maxSteps: 1, valSize: 0.5 });
    const { evaluation } = await runTraining(settings, options);
    const { val, tokenizer } = await prepareData(settings, await loaded(settings));
    const text = isStream(val) ? '' : tokenizer.decode(val.tokens.tokens);
    const answers = text.split('.').flatMap((line) => line.split('=').slice(1));
    expect(answers).toHaveLength(25);
    expect(evaluation.examples).toBe(answers.reduce((sum, { length }) => sum + length + 1, 0));
  });

  it('falls to nothing where answers follow from questions, as that of whole lines can’t', async () => {
    const settings = settingsOfKind('wavenet', {
      data: 'copy:symbols=3,length=3,lines=39',
      maxSteps: 400,
      valInterval: 0,
      optimizer: 'adamw',
      lr: 0.01,
      dHidden: 24,
    });
    const { metrics, evaluation } = await runTraining(settings, options);
    const whole = await runTraining({ ...settings, answerAfter: 'none' }, options);
    expect(metrics.batchLoss).toBeLessThan(0.05);
    expect(whole.metrics.batchLoss).toBeGreaterThan(0.3);
    expect(evaluation.answerAccuracy).toBeGreaterThan(0.5);
  });
});

describe('settings', () => {
  it('learn the answers of toy tasks, and whole lines of other texts', () => {
    expect(settingsOf({ data: 'sort' })).toMatchObject({
      answerAfter: '=',
      alphabet: 'auto',
      examples: 'lines',
    });
    expect(settingsOf({ data: 'dyck:length=4' })).toMatchObject({
      answerAfter: '=',
      alphabet: 'auto',
    });
    expect(settingsOf({ data: 'names' }).answerAfter).toBe('none');
    expect(settingsOf({ data: 'sort.txt' }).answerAfter).toBe('none');
    expect(settingsOf({ data: 'sort', answerAfter: 'none' }).answerAfter).toBe('none');
    expect(settingsOf({ data: 'sort', examples: 'blocks' }).answerAfter).toBe('none');
    expect(settingsOf({ data: 'sort', examples: 'blocks' }).alphabet).toBe('auto');
  });
  it('refuse sizes that a task can’t have, and a mark under blocks', () => {
    expect(() => settingsOf({ data: 'sort:length=0' })).toThrow(
      '--data must be sort whose length is a whole number from 1 to 100; got "sort:length=0"',
    );
    expect(() => settingsOf({ data: 'parity:symbols=3' })).toThrow(
      '--data must be parity with some of its sizes (length, shortest, lines, seed), each once, as parity:lines=2000,seed=2',
    );
    expect(() => settingsOf({ data: 'a.txt', examples: 'blocks', answerAfter: '=' })).toThrow(
      '--answer-after is for --examples lines; got --examples blocks',
    );
    expect(() => settingsOf({ answerAfter: '' })).toThrow('--answer-after must be');
  });
  it('must be the same where a run resumes', () => {
    const before = settingsOf({ data: 'sort' });
    const now = { ...before, answerAfter: 'none' };
    expect(resumeObstacles(before, now)).toEqual(['answerAfter is "=", not "none"']);
    expect(resumeObstacles({ ...now, answerAfter: undefined }, now)).toEqual([]); // a run from before
  });
});

it('a text of one’s own is asked for its mark, and says which line lacks it', async () => {
  const own = (text: string) => async () => ({
    name: 'own.txt',
    text,
    characters: text.length,
    sha256: '0'.repeat(64),
  });
  const settings = settingsOf({ data: 'own.txt', answerAfter: ' -> ', maxSteps: 2 });
  const load = own('two -> zwei\none -> eins\nthree -> drei\n');
  const { samples, model } = await runTraining(settings, { ...options, loadText: load });
  expect(samples).toHaveLength(1);
  expect(samples[0]).toMatch(/^(two -> .*zwei|one -> .*eins|three -> .*drei)$/);
  const opened = openModel(model);
  expect(opened.answerAfter).toBe(' -> ');
  opened.model.dispose();
  await expect(
    runTraining(settings, { ...options, loadText: own('two -> zwei\none - eins\n') }),
  ).rejects.toThrow(
    "own.txt: every line must have ' -> ', which its answer stands after; got 'one - eins'; give it one, or learn whole lines by --answer-after none",
  );
});

it('bits a character are of the text of answers', async () => {
  const text = 'ab=é\nba=éé\n'.repeat(9);
  const settings = settingsOf({ data: 'own.txt', answerAfter: '=', valSize: 0.5 });
  const data = await prepareData(settings, { name: 'own.txt', text, characters: 90, sha256: '0' });
  const evaluation = { examples: 1, loss: Math.LN2, accuracy: 0, perplexity: 2, bitsPerToken: 1 };
  const { bitsPerCharacter, bitsPerByte } = withTextBits(evaluation, data.val, data.tokenizer);
  expect(bitsPerCharacter).toBe(1); // a letter or an end
  expect(bitsPerByte).toBeGreaterThan(0.5);
  expect(bitsPerByte).toBeLessThan(0.7);
});
