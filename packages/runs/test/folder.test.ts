// A run folder in memory: what goes out comes in again, and what comes from outside is checked.
import { createHash } from 'node:crypto';
import { exportCheckpoint, importCheckpoint, type TrainingEvent } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  keptSteps,
  memoryLogs,
  openRunFolder,
  readModel,
  runFolderFiles,
  runTraining,
  UserError,
} from '../src/index.js';
import type { Files, RunFolderParts, RunTrainingOptions, Settings } from '../src/index.js';
import { memoryStore } from './memory-store.js';

beforeAll(() => startBackend());

const encode = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const lines = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const text = encode(lines);
const options: RunTrainingOptions = {
  compile,
  samples: 2,
  loadText: async (name) => ({ name, text: lines, characters: lines.length, sha256: sha256(text) }),
};
const small: Settings = {
  ...defaultSettings,
  data: 'my names.txt',
  dEmbed: 4,
  dHidden: 8,
  lr: 0.1,
  maxSteps: 30,
  valInterval: 10,
  logInterval: 5,
  sampleInterval: 10,
  watchInterval: 10,
  checkpointInterval: 7,
  shards: 1,
};

const versions = { llm101: '0.1.0' };

/** A run that was stopped, and the parts of its folder. */
async function stopped(settings: Settings, at: number): Promise<RunFolderParts> {
  const store = memoryStore();
  const logs = memoryLogs();
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (event: TrainingEvent) =>
    event.type === 'step' && event.step === at && controller.abort();
  const listeners = [logs.listener, stop];
  const run = await runTraining(settings, { ...options, store, signal, listeners });
  const checkpoint = await exportCheckpoint(store);
  const { model, fingerprint } = run;
  return {
    settings: run.settings,
    versions,
    checkpoint,
    text,
    logs: logs.texts(),
    model,
    fingerprint,
  };
}

const untimed = (log: string): string => log.replaceAll(/"stepsPerSecond":[^,]+,/g, '');

/** As an archive of a folder has it. */
const within = (folder: string, files: Files): Files =>
  new Map([...files].map(([path, bytes]) => [`${folder}/${path}`, bytes]));

it('keeps bounded logs: of those that grow beyond it every other line', () => {
  const logs = memoryLogs();
  const metrics = { trainLoss: 2, batchLoss: 2, stepsPerSecond: 1000, learningRate: 0.01 };
  const steps = 120_000;
  for (let step = 1; step <= steps; step++)
    logs.listener({ type: 'log', metrics: { step, ...metrics } });
  const { metrics: log } = logs.texts();
  expect(log.length).toBeLessThanOrEqual(4_000_000);
  expect(log.length).toBeGreaterThan(1_000_000);
  const kept = log
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);
  expect(kept.at(-1)).toBe(steps);
  expect(kept.every((step, i) => i === 0 || step > kept[i - 1])).toBe(true);
});

describe('a run folder', () => {
  it('goes out and comes in again, and the run ends with the bytes of one that stayed', async () => {
    const straight = { logs: memoryLogs() };
    const whole = await runTraining(small, { ...options, listeners: [straight.logs.listener] });

    const files = runFolderFiles(await stopped(small, 12));
    expect([...files.keys()].sort()).toEqual([
      'checkpoints/step-00000012.safetensors',
      'config.json',
      'fingerprint.json',
      'metrics.jsonl',
      'model.safetensors',
      'my names.txt',
      'samples.jsonl',
      'statistics.jsonl',
    ]);
    const opened = openRunFolder(
      within('runs/first', new Map([...files, ['notes.md', encode('x')]])),
    );
    expect(opened.warnings).toEqual([]);
    expect(opened.text).toEqual(text);
    expect(opened.fingerprint?.weights?.step).toBe(12);
    expect(readModel(opened.model ?? new Uint8Array()).step).toBe(12);

    const store = memoryStore();
    const { settings = small, checkpoint } = opened;
    expect(settings).toEqual({ ...small, dataSha256: sha256(text), valBatches: 0 });
    await importCheckpoint(store, checkpoint?.bytes ?? new Uint8Array());
    const kept = keptSteps(
      { step: 12, best: { tensors: {}, values: null } },
      { before: settings, settings },
    );
    const logs = memoryLogs(opened.logs, kept);
    const ended = await runTraining(settings, { ...options, store, listeners: [logs.listener] });
    expect(ended.model).toEqual(whole.model);
    expect(ended.fingerprint).toEqual(whole.fingerprint);
    for (const name of ['metrics', 'samples', 'statistics'] as const) {
      expect(untimed(logs.texts()[name]), name).toBe(untimed(straight.logs.texts()[name]));
    }
  });

  it('needs nothing but a checkpoint to go on, or a model to be used', async () => {
    const { checkpoint, model, settings } = await stopped(small, 7);
    if (checkpoint === undefined || model === undefined) throw new Error('nothing was saved');
    const alone = openRunFolder(new Map([[`downloads/${checkpoint.name}`, checkpoint.bytes]]));
    const { checkpointInterval } = defaultSettings; // a run may have another each time it resumes
    expect(alone.settings).toEqual({ ...settings, checkpointInterval });
    expect(alone.checkpoint).toEqual(checkpoint);
    expect(alone).toMatchObject({ model: undefined, text: undefined, fingerprint: undefined });
    const used = openRunFolder(new Map([['my-model.safetensors', model]]));
    expect(used).toMatchObject({ settings: undefined, checkpoint: undefined, model });
  });

  it.each([
    ['/home/me/texts/names.txt', 'names.txt'],
    ['C:\\texts\\a:b?.txt', 'a_b_.txt'],
    ['names', 'text.txt'], // else the data set of that name would be read
    ['sort', 'text.txt'],
    ['config.json', 'text.txt'],
    ['step-00000001.safetensors', 'text.txt'],
    ['../..', 'text.txt'],
    ['-', 'text.txt'],
    ['https://a.example/', 'text.txt'],
    ['Größe.txt', 'Größe.txt'],
  ])('has the text %j as %s', (data, name) => {
    const files = runFolderFiles({
      settings: { ...small, data, dataSha256: sha256(text) },
      versions,
      text,
    });
    expect([...files.keys()]).toEqual(['config.json', name]);
    const config = JSON.parse(new TextDecoder().decode(files.get('config.json'))) as object;
    expect(config).toMatchObject({ data: name, versions });
    expect(openRunFolder(files).text).toEqual(text);
  });

  it('keeps the name of a text that it hasn’t', () => {
    const files = runFolderFiles({ settings: { ...small, data: 'makemore-names' }, versions });
    expect([...files.keys()]).toEqual(['config.json']);
    expect(openRunFolder(files)).toMatchObject({
      settings: { data: 'makemore-names' },
      checkpoint: undefined,
      logs: { metrics: '', samples: '', statistics: '' },
    });
  });

  it('has the tokenizer and the model that a run began with', async () => {
    const { model: initial = new Uint8Array() } = await stopped(small, 3);
    const { tokenizer } = readModel(initial);
    const settings: Settings = { ...small, initFrom: 'first', initSha256: sha256(initial) };
    const parts = { settings, versions, tokenizer, initial };
    const files = runFolderFiles(parts);
    const opened = openRunFolder(files);
    expect(JSON.stringify(opened.tokenizer)).toBe(JSON.stringify(tokenizer));
    expect(opened.initial?.file).toEqual(initial);
    expect(opened.initial?.config).toMatchObject({ type: 'mlp', dHidden: 8 });
    expect(() => runFolderFiles({ ...parts, tokenizer: undefined })).toThrow(
      'pass run.data.tokenizer',
    );
    expect(() => runFolderFiles({ ...parts, initial: undefined })).toThrow(
      'initial must be the file of the model that the run began with, first; got none',
    );
    const without = (path: string) => new Map([...files].filter(([name]) => name !== path));
    expect(() => openRunFolder(without('tokenizer.json'))).toThrow(
      "the run needs its tokenizer.json, which isn't among the files; add it",
    );
    const other = new Map(files).set('initial.safetensors', encode('x'));
    expect(() => openRunFolder(other)).toThrow("initial.safetensors isn't what the run began with");
    const broken = new Map(files).set('tokenizer.json', encode('{'));
    expect(() => openRunFolder(broken)).toThrow("tokenizer.json can't be used: ");
  });

  it('refuses another text than that of the run', () => {
    const settings = { ...small, dataSha256: sha256(text) };
    expect(() => runFolderFiles({ settings, versions, text: encode('x') })).toThrow(
      `text must be the bytes that the run has read, of SHA-256 ${sha256(text)}`,
    );
  });
});

describe('what is no run', () => {
  const refused = (files: Record<string, string>): string => {
    try {
      openRunFolder(
        new Map(Object.entries(files).map(([path, content]) => [path, encode(content)])),
      );
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    return 'nothing';
  };
  it.each<[Record<string, string>, string]>([
    [{}, 'there is none in no file'],
    [
      { 'a.txt': 'x', 'b.txt': 'y' },
      'a model.safetensors of llm101; there is none in a.txt, b.txt',
    ],
    [{ 'model.safetensors': 'x' }, 'there is none in model.safetensors: model.safetensors: '],
    [{ 'step-00000007.safetensors': 'x' }, 'step-00000007.safetensors: '],
    [{ 'config.json': '{' }, "config.json can't be used: "],
    [{ 'config.json': '[]' }, 'config.json must hold an object of settings'],
    [{ 'config.json': '{"model":"mpl"}' }, 'mpl'],
    [{ 'config.json': `${'['.repeat(1e5)}${']'.repeat(1e5)}` }, "config.json can't be used: "],
    [{ 'config.json': '{"nonsense":1}' }, 'nonsense'],
    [{ 'a/config.json': '{}', 'b/config.json': '{}' }, 'there must be one run; got 2, in a, b'],
  ])('%j is refused', (files, why) => {
    expect(refused(files)).toContain(why);
  });

  it('is left out where the run can do without it', async () => {
    const parts = await stopped(small, 14);
    const files = new Map(runFolderFiles(parts));
    files.set('checkpoints/step-00000099.safetensors', encode('half'));
    files.set('model.safetensors', encode('half'));
    const fingerprint = new TextDecoder().decode(files.get('fingerprint.json'));
    files.set('fingerprint.json', encode(fingerprint.replace('"step":14', '"step":15')));
    files.set('metrics.jsonl', Uint8Array.of(0xff, 0xfe));
    files.delete('my names.txt');
    const opened = openRunFolder(files);
    expect(opened.checkpoint?.step).toBe(14);
    expect(opened).toMatchObject({ model: undefined, text: undefined, fingerprint: undefined });
    expect(opened.warnings).toHaveLength(3);
    expect(memoryLogs(opened.logs).texts().metrics).toBe('');
  });
});
