// Runs beside each other: their order, what each reached, where they differ, and where they are found.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expectClose } from '@tools/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recentMeans } from '../src/compare/measure.js';
import { naturalOrder, parseOrigin, RunFileError, tableOfRuns } from '../src/index.js';
import type { ComparedRun, MetricsRow } from '../src/index.js';
import { findRuns, readObjective, readRun } from '../src/node/index.js';

describe('naturalOrder', () => {
  it('puts run-2 before run-10, and sorts digits of any length', () => {
    const long = '9'.repeat(400);
    const names = [
      'run-10',
      'run-2',
      `run-1${'0'.repeat(400)}`,
      `run-${long}`,
      'run',
      'a10b2',
      'a10b1',
      'run-02',
    ];
    expect(names.toSorted(naturalOrder)).toEqual([
      'a10b1',
      'a10b2',
      'run',
      'run-02',
      'run-2',
      'run-10',
      `run-${long}`,
      `run-1${'0'.repeat(400)}`,
    ]);
  });
  it('is an order', () => {
    expect(naturalOrder('a', 'a')).toBe(0);
    expect(naturalOrder('1', 'a')).toBe(-naturalOrder('a', '1'));
    expect(naturalOrder('x01', 'x1')).not.toBe(0);
  });
});

describe('recentMeans', () => {
  it('are the means of the last 100 mini-batches, of the running mean', () => {
    const losses = Array.from({ length: 600 }, (_, i) => 3 + Math.sin(i) + 100 / (i + 1));
    const mean = (from: number, to: number): number =>
      losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
    const rows = (interval: number): MetricsRow[] =>
      losses.flatMap((_, i) =>
        (i + 1) % interval === 0 ? [{ step: i + 1, trainLoss: mean(0, i + 1) }] : [],
      );
    const expected = { 10: [0, 0, 500], 40: [0, 0, 480], 200: [0, 200, 400] } as const;
    for (const [interval, [first, second, last]] of Object.entries(expected)) {
      const step = Number(interval);
      const means = recentMeans(rows(step));
      expect(means).toHaveLength(Math.floor(600 / step));
      // differences of means cancel a few digits
      expectClose(
        [means[0].value, means[1].value, means[means.length - 1].value],
        [mean(first, step), mean(second, 2 * step), mean(last, 600)],
        { absolute: 1e-11 },
      );
    }
  });
  it('leave out what is no number, and rows that go back', () => {
    const rows = [
      { step: 100, trainLoss: 3 },
      { step: 200, trainLoss: Infinity },
      { step: 100, trainLoss: 2 },
      { step: 300, trainLoss: 2 },
    ];
    expect(recentMeans(rows)).toEqual([
      { step: 100, value: 3 },
      { step: 100, value: 2 },
      { step: 300, value: 2 },
    ]);
  });
});

const run = (name: string, losses: readonly (number | undefined)[], config = {}): ComparedRun => ({
  name,
  config: { model: 'mlp', versions: { node: '20' }, ...config },
  metrics: losses.map((valLoss, i) => ({
    step: 100 * (i + 1),
    trainLoss: 3,
    ...(valLoss !== undefined && { valLoss }),
  })),
});

describe('tableOfRuns', () => {
  it('has what each reached, and the settings in which they differ', () => {
    const { settings, rows, best, objective } = tableOfRuns([
      run('a', [2.5, 2.4, 2.6], { lr: 0.1, seed: 1 }),
      run('b', [NaN, 2.3, 2.3], { lr: 0.3, seed: 1, versions: { node: '22' } }),
      run('c', [undefined], { lr: 0.3, seed: 1, layers: [1] }),
    ]);
    expect(objective).toEqual({ metric: 'valLoss', direction: 'minimize' });
    expect(settings).toEqual(['versions.node', 'lr', 'layers']);
    expect(best).toBe(1);
    expect(rows.map(({ value, bestStep, steps }) => [value, bestStep, steps])).toEqual([
      [2.4, 200, 300],
      [2.3, 200, 300],
      [undefined, undefined, 100],
    ]);
    expect(rows[0].settings).toEqual({ 'versions.node': '20', lr: 0.1 });
    expect(rows[2].settings).toEqual({ 'versions.node': '20', lr: 0.3, layers: [1] });
  });
  it('goes by another figure, upwards, and by the training loss where no run was validated', () => {
    const right = (name: string, valAnswerAccuracy: number): ComparedRun => ({
      name,
      config: {},
      metrics: [{ step: 1, trainLoss: 3, valLoss: 1, valAnswerAccuracy }],
    });
    const objective = { metric: 'valAnswerAccuracy', direction: 'maximize' } as const;
    expect(tableOfRuns([right('a', 0.1), right('b', 0.9)], { objective }).best).toBe(1);
    expect(tableOfRuns([run('a', [undefined])]).objective.metric).toBe('trainLoss');
    expect(tableOfRuns([run('a', [])]).best).toBeUndefined();
  });
  it('leaves out what the name of a kind says already', () => {
    const runs = [
      run('a', [1], { optimizer: 'sgd', momentum: 0, lr: 0.1 }),
      run('b', [1], { optimizer: 'sgd', momentum: 0, lr: 0.2 }),
      run('c', [1], { optimizer: 'adam', beta1: 0.9, lr: 0.1 }),
      run('d', [1], { optimizer: 'adam', beta1: 0.9, lr: 0.3 }),
    ];
    expect(tableOfRuns(runs).settings).toEqual(['optimizer', 'lr']);
    const more = run('e', [1], { optimizer: 'sgd', beta1: 0.5, momentum: 0.9, lr: 0.1 });
    expect(tableOfRuns([...runs, more]).settings).toEqual(['optimizer', 'momentum', 'lr', 'beta1']);
  });
  it('takes any names and values', () => {
    const odd = JSON.parse(
      '{"__proto__":1,"constructor":{"__proto__":2},"toString":null}',
    ) as object;
    const { settings, rows } = tableOfRuns([run('a', [1], odd), run('b', [1])]);
    expect(settings).toContain('__proto__');
    expect(rows[0].settings['__proto__']).toBe(1);
    const objective = { metric: 'constructor', direction: 'minimize' } as const;
    expect(tableOfRuns([run('a', [1])], { objective }).objective.metric).toBe('valLoss');
  });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe('findRuns', () => {
  it('finds a run, those in a folder and the trials of a sweep, in natural order, each once', () => {
    const folder = folderOf({
      'runs/run-10/metrics.jsonl': '',
      'runs/run-2/metrics.jsonl': '',
      'runs/run-2/checkpoints/metrics.jsonl': '',
      'runs/.hidden/metrics.jsonl': '',
      'sweep/sweep.json': '{"objective":"valAnswerAccuracy","direction":"maximize"}',
      'sweep/trials/0/metrics.jsonl': '',
      'sweep/trials/11/metrics.jsonl': '',
      'sweep/trials/3/metrics.jsonl': '',
      'a/b/c/d/e/f/metrics.jsonl': '',
      'empty/x': '',
    });
    symlinkSync(join(folder, 'sweep'), join(folder, 'runs/linked'));
    const names = (...folders: string[]): string[] =>
      findRuns(folders.map((name) => join(folder, name))).map(({ name }) => name);
    expect(names('runs')).toEqual(['run-2', 'run-10']);
    expect(names('runs/run-10', 'runs', 'runs/run-2')).toEqual(['run-10', 'run-2']);
    expect(names('sweep', 'runs/run-2')).toEqual([
      'sweep/trials/0',
      'sweep/trials/3',
      'sweep/trials/11',
      'runs/run-2',
    ]);
    expect(names('runs/run-2')).toEqual([join(folder, 'runs/run-2')]);
    expect(() => names('a')).toThrow(RunFileError); // five deep
    expect(() => names('empty')).toThrow('must be the folder of a run, or hold such folders');
    expect(() => names('nowhere')).toThrow(RunFileError);

    const sweep = findRuns([join(folder, 'sweep')]);
    expect(sweep.map(({ name }) => name)).toEqual(['trials/0', 'trials/3', 'trials/11']);
    expect(readObjective(sweep)).toEqual({ metric: 'valAnswerAccuracy', direction: 'maximize' });
    expect(readObjective(findRuns([join(folder, 'runs')]))).toBeUndefined();
    writeFileSync(join(folder, 'sweep/sweep.json'), '{"objective":"a.b","direction":"up"}');
    expect(readObjective(sweep)).toBeUndefined();
  });
  it('has a bound for the folders that it looks at', () => {
    const folder = folderOf({ '7/metrics.jsonl': '' });
    for (let i = 0; i < 500; i++) mkdirSync(join(folder, String(i)), { recursive: true });
    const many = Array.from({ length: 401 }, () => folder);
    expect(findRuns([folder])).toHaveLength(1);
    expect(() => findRuns(many)).toThrow('200,000 files and folders are looked at');
  });
});

describe('origin.json', () => {
  it('is read as far as it is one', () => {
    const session = {
      startedAt: '2026-01-02T03:04:05.678Z',
      endedAt: 'yesterday',
      durationMs: -1,
      command: ['llm101', 7, 'x'.repeat(3000)],
      versions: { node: '20.1.0', tfjs: {} },
      machine: { os: 'Linux', cpu: ['a'], cores: 2, memoryBytes: 1e9 },
      git: { commit: 'ab', isDirty: 'no' },
    };
    expect(parseOrigin(JSON.stringify({ sessions: [session, 7] }))).toEqual({
      sessions: [
        {
          startedAt: '2026-01-02T03:04:05.678Z',
          command: ['llm101', '', 'x'.repeat(2000)],
          versions: { node: '20.1.0' },
          machine: { os: 'Linux', cores: 2, memoryBytes: 1e9 },
          git: { commit: 'ab', isDirty: false },
        },
        { machine: {}, versions: {} },
      ],
    });
    for (const bad of ['', '{', '[]', '{"sessions":{}}']) expect(parseOrigin(bad)).toBeUndefined();
  });
  it('is a part of a run, whose model’s size alone is read where it is compared', () => {
    const folder = folderOf({
      'origin.json': '{"sessions":[{"reason":"failed"}]}',
      'model.safetensors': 'damaged',
    });
    expect(readRun(folder, { isBrief: true })).toMatchObject({
      origin: { sessions: [{ reason: 'failed' }] },
      model: undefined,
    });
  });
});
