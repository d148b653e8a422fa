// Runs that are sent to a server on 127.0.0.1.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { distributionOf, histogramEdges, type TrainingEvent } from '@llm101/training';
import * as wandb from '../src/index.js';
import { begin, emptyFolder, read, soon, timings, untimed } from './runs.js';
import { WANDB_KEY, WandbServer } from '@tools/testing';

describe('a run', () => {
  it('is made, logged, summed up and ended', async () => {
    const server = await WandbServer.start();
    const { run, messages } = begin(`${server.url}/`, { name: 'first', config: { seed: 101 } });
    run.updateConfig({ lr: 0.01 });
    run.log({ loss: 3, note: 'a' }, { step: 0 });
    run.log({ valLoss: 2.5 }, { step: 0 });
    run.log({ loss: 2, isLast: true, worst: Infinity, none: NaN }, { step: 10 });
    await run.finish();
    const kept = server.runs.get(run.id);
    expect(kept?.variables).toMatchObject({ name: run.id, project: 'names', displayName: 'first' });
    expect(JSON.parse(String(kept?.variables['config']))).toMatchObject({
      seed: { value: 101 },
      lr: { value: 0.01 },
    });
    expect(untimed(kept?.history ?? [])).toEqual([
      { _step: 0, loss: 3, note: 'a', valLoss: 2.5 },
      { _step: 10, loss: 2, isLast: true, worst: 'Infinity', none: 'NaN' },
    ]);
    expect(JSON.parse(kept?.summary ?? '')).toMatchObject({ _step: 10, loss: 2, valLoss: 2.5 });
    expect(kept?.exitCode).toBe(0);
    expect(server.complaints).toEqual([]);
    expect(messages).toEqual([`W&B: ${server.url}/me/names/runs/${run.id}`]);
    expect(read(run.folder, 'state.json')).toMatchObject({
      sent: { history: { lines: 2 } },
      exitCode: 0,
      complete: true,
    });
  });
  it('counts its own steps where none is given', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url);
    for (const loss of [3, 2, 1]) run.log({ loss });
    await run.finish(7);
    expect(untimed(server.runs.get(run.id)?.history ?? []).map(({ _step }) => _step)).toEqual([
      0, 1, 2,
    ]);
    expect(server.runs.get(run.id)?.exitCode).toBe(7);
  });
  it('is sent while it trains, and says that it is alive', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url, { timings: { ...timings, heartbeatMs: 30 } });
    run.log({ loss: 3 });
    await soon(() => expect(server.runs.get(run.id)?.history).toHaveLength(1));
    await soon(() => expect(server.runs.get(run.id)?.heartbeats).toBeGreaterThan(1));
    run.updateConfig({ late: true });
    await soon(() => {
      expect(server.runs.get(run.id)?.variables['config']).toContain('{"late":{"value":true},');
    });
    run.log({ loss: 2 });
    await run.finish();
    expect(server.runs.get(run.id)?.history).toHaveLength(2);
    expect(server.complaints).toEqual([]);
  });
  it('is sent in requests of a megabyte', async () => {
    const server = await WandbServer.start();
    const { run } = begin(server.url);
    const long = 'é'.repeat(100_000);
    for (let i = 0; i < 30; i++) run.log({ i, long });
    run.log({ longer: long.repeat(8) }); // 1.6 MB in one row
    await run.finish();
    const history = server.runs.get(run.id)?.history ?? [];
    expect(history.join('\n')).toBe(
      readFileSync(join(run.folder, 'history.jsonl'), 'utf8').trimEnd(),
    );
    expect(server.requests).toBeGreaterThan(7);
  });
  it('refuses steps that go back, and rows after its end', async () => {
    const { run } = begin('http://127.0.0.1:9', { mode: 'offline' });
    run.log({ loss: 1 }, { step: 5 });
    expect(() => run.log({ loss: 1 }, { step: 4 })).toThrow(
      'wandb.log: step must be a whole number of at least 5, that of the last call; got 4',
    );
    expect(() => run.log({ loss: 1 }, { step: 5.5 })).toThrow('got 5.5');
    await run.finish();
    await run.finish();
    expect(() => run.log({ loss: 1 })).toThrow('wandb.log: the run must not have ended');
  });
});

describe('its listener', () => {
  const values = distributionOf(Float32Array.of(-1, 0, 3));
  const gradient = distributionOf(Float32Array.of(0.5, 0));
  const metrics = { step: 4, trainLoss: 2.5, batchLoss: 2, stepsPerSecond: 10, learningRate: 0.1 };
  const events: TrainingEvent[] = [
    { type: 'start', step: 0, maxSteps: 4, config: { model: 'mlp' } },
    {
      type: 'watch',
      step: 4,
      parameters: [
        { name: 'w', shape: [3], values, gradient },
        { name: 'unused', shape: [3], values, gradient: undefined },
      ],
    },
    { type: 'step', step: 4, batchLoss: 2, trainLoss: 2.5 },
    { type: 'samples', step: 4, texts: ['ana', 'leo'] },
    { type: 'log', metrics },
    { type: 'end', step: 4, reason: 'finished' },
  ];
  const rowsOf = (kind?: wandb.WatchKind): Record<string, unknown>[] => {
    const { run } = begin('http://127.0.0.1:9', { mode: 'offline' });
    const listener = wandb.trainingListener(run, kind && { watch: kind });
    for (const event of events) listener(event);
    expect(run.config).toEqual({ model: 'mlp' });
    return untimed(readFileSync(join(run.folder, 'history.jsonl'), 'utf8').trimEnd().split('\n'));
  };
  const { step: _step, ...figures } = metrics;

  it('logs metrics and samples of a step as one row', () => {
    const samples = { _type: 'table-file', ncols: 2, nrows: 2 };
    expect(rowsOf()).toEqual([{ _step, ...figures, samples: expect.objectContaining(samples) }]);
  });
  it.each([
    ['all', ['gradients/w', 'parameters/unused', 'parameters/w']],
    ['gradients', ['gradients/w']],
    ['parameters', ['parameters/unused', 'parameters/w']],
  ] as const)('watches %s', (kind, names) => {
    const [row] = rowsOf(kind);
    expect(
      Object.keys(row)
        .filter((name) => name.includes('/'))
        .sort(),
    ).toEqual(names);
    expect(Object.values(row)).toContainEqual({
      _type: 'histogram',
      values: kind === 'parameters' ? values.counts : gradient.counts,
      bins: histogramEdges(kind === 'parameters' ? values : gradient),
    });
  });
});

it('is resumed with the rows up to its step, under its old id', async () => {
  const server = await WandbServer.start();
  const folder = join(emptyFolder(), 'wandb');
  const first = begin(server.url, { folder, timings: { ...timings, finishMs: 50 } }).run;
  for (const step of [1, 2, 3]) first.log({ step }, { step });
  await first.finish(1);
  const second = begin(server.url, { folder, resumedAt: 2 }).run;
  for (const step of [3, 4]) second.log({ step, again: true }, { step });
  await second.finish();
  expect(second.id).toBe(first.id);
  expect(untimed(server.runs.get(first.id)?.history ?? [])).toEqual([
    { _step: 1, step: 1 },
    { _step: 2, step: 2 },
    { _step: 3, step: 3, again: true },
    { _step: 4, step: 4, again: true },
  ]);
  expect(server.runs.get(first.id)?.exitCode).toBe(0);
});

describe('its settings', () => {
  it('come from the environment, and the key goes into no file', async () => {
    const server = await WandbServer.start();
    const folder = emptyFolder();
    vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
    vi.stubEnv('WANDB_BASE_URL', server.url);
    vi.stubEnv('WANDB_PROJECT', 'of the environment');
    vi.stubEnv('WANDB_NAME', 'named');
    const run = wandb.init({ folder, timings, systemMetrics: false, onMessage() {} });
    vi.unstubAllEnvs();
    await run.finish();
    expect(server.runs.get(run.id)?.variables).toMatchObject({
      project: 'of the environment',
      displayName: 'named',
    });
    expect(server.complaints).toEqual([]);
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain(WANDB_KEY);
    }
  });
  it('are refused when they are wrong', () => {
    vi.stubEnv('WANDB_MODE', 'of-line');
    expect(() => begin('http://127.0.0.1:9')).toThrow(
      "WANDB_MODE must be online, offline, dryrun or disabled; got 'of-line'",
    );
    vi.unstubAllEnvs();
    expect(() => begin('api.wandb.ai')).toThrow(
      "WANDB_BASE_URL must be an http(s) address; got 'api.wandb.ai'",
    );
  });
});
