// Begins runs at a server on 127.0.0.1, and reads what they keep.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { WANDB_KEY } from '@tools/testing';

/** So short that tests of failures end soon. */
export const timings = {
  flushMs: 20,
  heartbeatMs: 60_000,
  timeoutMs: 1000,
  uploadMs: 5000,
  statsMs: 60_000,
  retryMs: 5,
  longestRetryMs: 20,
  finishMs: 5000,
};

export interface Begun {
  readonly run: wandb.WandbRun;
  readonly messages: string[];
}

export function begin(baseUrl: string, options: wandb.InitOptions = {}): Begun {
  const messages: string[] = [];
  const run = wandb.init({
    project: 'names',
    folder: join(emptyFolder(), 'wandb'),
    apiKey: WANDB_KEY,
    baseUrl,
    timings: { ...timings, ...options.timings },
    systemMetrics: false,
    syncCommand: 'llm101 wandb sync',
    onMessage: (message) => messages.push(message),
    ...options,
  });
  return { run, messages };
}

/** The folder of a run that hasn't been sent. */
export function keptRun(): string {
  const { run } = begin('http://127.0.0.1:9', { mode: 'offline' });
  run.log({ loss: 1 });
  void run.finish();
  return run.folder;
}

export function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-wandb-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const parsed = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>);

/** Rows without the clock's figures, which must be numbers. */
export const untimed = (lines: readonly string[]): Record<string, unknown>[] =>
  parsed(lines).map(({ _runtime, _timestamp, ...row }) => {
    expect([typeof _runtime, typeof _timestamp]).toEqual(['number', 'number']);
    return row;
  });

export const read = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Waits until a check holds, on a busy machine too. */
export const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 200_000 });
