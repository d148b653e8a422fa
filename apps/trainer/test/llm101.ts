import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../bin/llm101.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a user does, in a process of its own. */
export function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, ...args], { env });
}

/** Starts it where no file may have more than so many kB, as if the disk were full from there on. */
export function startWithin(kB: number, args: readonly string[]): ChildProcessWithoutNullStreams {
  const limited = `ulimit -f ${kB}; exec "$0" "$@"`;
  return spawn('bash', ['-c', limited, process.execPath, bin, ...args], { env });
}

const env = { ...process.env, NO_COLOR: '1' };

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

/** An empty folder that is removed after the test. */
export function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'llm101-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

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

/** A run's metrics without the figures that hang on the clock. */
export function untimed(runDir: string): string {
  return readFileSync(join(runDir, 'metrics.jsonl'), 'utf8').replaceAll(
    /"stepsPerSecond":[^,]+,/g,
    '',
  );
}
