import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams, SpawnOptionsWithoutStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

/** The command's file. */
export const bin = fileURLToPath(new URL('../bin/llm101.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a user does, in a process of its own. */
export function start(
  args: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, NO_COLOR: '1', NETRC: '/there/is/none', ...options.env };
  return spawn(process.execPath, [bin, ...args], { ...options, env });
}

/** Starts the command in a shell that has done something before, such as to set a limit. */
export function startAfter(
  preparation: string,
  args: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): ChildProcessWithoutNullStreams {
  const script = `${preparation}; exec "$@"`;
  const env = { ...process.env, NO_COLOR: '1', ...options.env };
  return spawn('sh', ['-c', script, 'sh', process.execPath, bin, ...args], { ...options, env });
}

/** Waits until something is so, or the command has ended without. */
export async function until(
  condition: () => boolean,
  child: ChildProcessWithoutNullStreams,
): Promise<void> {
  while (!condition() && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until a run has logged something. */
export function untilLogged(runDir: string, child: ChildProcessWithoutNullStreams): Promise<void> {
  const metrics = join(runDir, 'metrics.jsonl');
  return until(() => existsSync(metrics) && readFileSync(metrics, 'utf8') !== '', child);
}

/** Waits for the end of a command. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...text }));
  });
}

/** Runs the command to its end. */
export function llm101(...args: string[]): Promise<Ended> {
  return ended(start(args));
}

/** Runs the command, and fails with its error unless it succeeds. */
export async function succeed(...args: string[]): Promise<Ended> {
  const result = await llm101(...args);
  if (result.status !== 0) throw new Error(`status ${result.status}: ${result.stderr}`);
  return result;
}

/** The only line of an error, without the `llm101: ` at its head. */
export async function errorOf(status: number, ...args: string[]): Promise<string> {
  return onlyError(status, await llm101(...args));
}

/** The same, of a command that has ended. */
export function onlyError(status: number, result: Ended): string {
  expect(result.status, result.stderr).toBe(status);
  expect(result.stderr).toMatch(/^llm101: [^\n]+\n$/);
  return result.stderr.slice('llm101: '.length).trimEnd();
}

/** An empty folder that is removed after the test. */
export function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What is in the folder of a run that has ended. */
export const RUN_FILES = [
  'checkpoints',
  'config.json',
  'fingerprint.json',
  'metrics.jsonl',
  'model.safetensors',
  'origin.json',
  'report.html',
  'samples.jsonl',
  'statistics.jsonl',
];

/** A line of metrics.jsonl. */
export interface Line {
  readonly step: number;
  readonly trainLoss: number;
  readonly batchLoss: number;
  readonly valLoss?: number;
  readonly stepsPerSecond: number;
  readonly learningRate: number;
}

/** The lines of a run's metrics. */
export function metricsOf(runDir: string): Line[] {
  const path = join(runDir, 'metrics.jsonl');
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** A run's metrics without the figures that depend on the clock. */
export function untimed(runDir: string): string {
  return readFileSync(join(runDir, 'metrics.jsonl'), 'utf8').replaceAll(
    /"stepsPerSecond":[^,]+,/g,
    '',
  );
}
