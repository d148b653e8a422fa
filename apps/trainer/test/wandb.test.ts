// `llm101 train --log wandb`, against a server on 127.0.0.1.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WANDB_KEY, WandbServer } from '@tools/testing';
import { expect, it, vi } from 'vitest';
import { emptyFolder, llm101, metricsOf, succeed } from './llm101.js';

const TRAIN =
  'train --max-steps 100 --val-interval 1000 --log-interval 20 --log wandb --run-dir'.split(' ');

const figuresOf = (history: readonly string[]): object[] =>
  history.map((line) => {
    const { _step: step, trainLoss } = JSON.parse(line) as { _step: number; trainLoss?: number };
    return { step, trainLoss };
  });

it('sends a run while it trains, whatever the server does at first, and its model', async () => {
  const server = await WandbServer.start();
  server.faults.push(500, 'hang up');
  vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
  vi.stubEnv('WANDB_BASE_URL', server.url);
  const runDir = join(emptyFolder(), 'run');
  const { stdout, stderr } = await succeed(...TRAIN, runDir, '--log-model');
  vi.unstubAllEnvs();
  const [[id, run]] = server.runs;
  expect(stderr).toContain(`llm101: W&B: ${server.url}/me/llm101/runs/${id}\n`);
  expect(run.exitCode).toBe(0);
  const config = JSON.parse(String(run.variables['config'])) as Record<string, unknown>;
  expect(config).toMatchObject({ model: { value: 'mlp' }, maxSteps: { value: 100 } });
  const rows = figuresOf(run.history);
  for (const { step, trainLoss } of metricsOf(runDir))
    expect(rows).toContainEqual({ step, trainLoss });
  expect(run.history[0]).toContain('"gradients/linear1.weight":{"_type":"histogram"');
  const { valLoss = NaN, ...summary } = JSON.parse(String(run.summary)) as Record<string, number>;
  expect(summary).toMatchObject({ endReason: 'finished', steps: 100, bestValLoss: valLoss });
  expect(summary['valPerplexity']).toBeCloseTo(Math.exp(valLoss), 9);
  expect(JSON.parse(run.history.at(-1) ?? '')).toMatchObject({ _step: 100, valLoss }); // no other validation was due
  const printed = (isError: boolean): string =>
    run.output
      .filter((line) => line.startsWith('ERROR ') === isError)
      .map((line) => line.replace(/^(?:ERROR )?\S+ /, ''))
      .join('\n');
  expect(printed(true)).toContain('100/100');
  expect(stderr).toContain(printed(true));
  expect(printed(false)).toContain('bits a byte');
  expect(stdout).toContain(printed(false));
  const [{ input, files, isCommitted }] = server.artifacts;
  expect([input['artifactCollectionName'], isCommitted]).toEqual([`model-${id}`, true]);
  expect(files.has('model.safetensors')).toBe(true);
  expect(server.complaints).toEqual([]);
});

it('keeps a run that is offline, and sends it later', async () => {
  const server = await WandbServer.start();
  const runDir = join(emptyFolder(), 'run');
  vi.stubEnv('WANDB_MODE', 'offline');
  vi.stubEnv('WANDB_PROJECT', 'names');
  await succeed(...TRAIN, runDir);
  expect(server.requests).toBe(0);
  vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
  vi.stubEnv('WANDB_BASE_URL', server.url);
  const { stdout } = await succeed('wandb', 'sync', runDir);
  const { stdout: again } = await succeed('wandb', 'sync', runDir);
  vi.unstubAllEnvs();
  const [[id, run]] = server.runs;
  const folder = join(runDir, 'wandb');
  expect(stdout).toBe(`${folder} is sent: ${server.url}/me/names/runs/${id}\n`);
  expect(again).toBe(`${folder} was sent before: ${server.url}/me/names/runs/${id}\n`);
  expect(figuresOf(run.history).map((row) => ('step' in row ? row.step : undefined))).toEqual([
    1, 20, 40, 60, 80, 100,
  ]);
});

it('shows no password of an address, keeps the run, and ends', async () => {
  vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
  vi.stubEnv('WANDB_BASE_URL', 'http://user:secret@127.0.0.1:9');
  const runDir = join(emptyFolder(), 'run');
  const trained = await succeed(...TRAIN, runDir);
  expect(trained.stderr).toContain(
    "WANDB_BASE_URL must be without a user and a password; got 'http://***@127.0.0.1:9'",
  );
  expect(trained.stderr).toContain(
    `the run is kept in ${join(runDir, 'wandb')}, and nothing is sent`,
  );
  const sync = await llm101('wandb', 'sync', runDir);
  expect(sync.status).toBe(1);
  expect(trained.stdout + trained.stderr + sync.stdout + sync.stderr).not.toContain('secret');
  const server = await WandbServer.start();
  vi.stubEnv('WANDB_BASE_URL', server.url);
  await succeed('wandb', 'sync', runDir);
  vi.unstubAllEnvs();
  expect(server.runs.size).toBe(1);
});

it('logs nothing where W&B is disabled', async () => {
  vi.stubEnv('WANDB_MODE', 'disabled');
  const runDir = join(emptyFolder(), 'run');
  const { stderr } = await succeed(...TRAIN, runDir);
  vi.unstubAllEnvs();
  expect(stderr).not.toContain('W&B');
  expect(existsSync(join(runDir, 'wandb'))).toBe(false);
});
