// `llm101 train --log wandb`, against a server on 127.0.0.1.
import { join } from 'node:path';
import { WANDB_KEY, WandbServer } from '@tools/testing';
import { expect, it, vi } from 'vitest';
import { emptyFolder, metricsOf, succeed } from './llm101.js';

const TRAIN = 'train --max-steps 100 --log-interval 20 --log wandb --run-dir'.split(' ');

const figuresOf = (history: readonly string[]): object[] =>
  history.map((line) => {
    const { _step: step, trainLoss } = JSON.parse(line) as { _step: number; trainLoss?: number };
    return { step, trainLoss };
  });

it('sends a run while it trains, whatever the server does at first', async () => {
  const server = await WandbServer.start();
  server.faults.push(500, 'hang up');
  vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
  vi.stubEnv('WANDB_BASE_URL', server.url);
  const runDir = join(emptyFolder(), 'run');
  const { stderr } = await succeed(...TRAIN, runDir);
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
