// --json, --quiet, and the line that shows how far some work is.
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { progressLine } from '../src/terminal/output.js';
import { emptyFolder, ended, llm101, metricsOf, start, succeed } from './llm101.js';

const json = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await succeed(...args, '--json')).stdout) as Record<string, unknown>;

const SHORT = 'train --max-steps 40 --val-interval 20 --log-interval 10 --run-dir'.split(' ');

describe('--json', () => {
  it('gives each command’s result as one document', async () => {
    const runDir = join(emptyFolder(), 'run');
    const trained = await json(...SHORT, runDir);
    expect(trained).toMatchObject({
      status: 'finished',
      runDir,
      report: `${runDir}/report.html`,
      ...metricsOf(runDir).at(-1),
    });
    expect(trained['samples']).toHaveLength(10);

    const evaluated = await json('evaluate', '--run-dir', runDir);
    const { version, runDir: where, model, step, data, part, ...evaluation } = evaluated;
    expect([version, where, model, step, data, part]).toEqual([
      2,
      runDir,
      'mlp',
      40,
      'names',
      'validation',
    ]);
    expect(evaluation).toEqual(trained['evaluation']);

    const { stdout } = await succeed('sample', '--run-dir', runDir, '--count', '3');
    const { texts, seed } = await json('sample', '--run-dir', runDir, '--count', '3');
    expect([texts, seed]).toEqual([stdout.trimEnd().split('\n'), 101]);

    expect(await json('data', '--context-size', '3', '--rows', '1')).toMatchObject({
      characters: 58_955,
      training: { lines: 7562, windows: 53_044 },
      duplicates: { lines: 8403, distinct: 8403 },
      preview: [expect.stringMatching(/^\.\.\. --> [a-z]$/)],
    });
    const { dataSets } = (await json('data', '--list')) as { dataSets: { name: string }[] };
    expect(dataSets.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['names', 'makemore-names', 'shakespeare', 'sort']),
    );
    expect(await json('report', runDir)).toMatchObject({
      version: 2,
      report: `${runDir}/report.html`,
      runs: [runDir],
    });
    const verified = await json('verify', runDir);
    expect(verified).toMatchObject({ runDir, isSame: true });
    expect(verified['losses']).toHaveLength(40);
    const found = await json('lr-find', '--steps', '30');
    expect(Object.keys(found)).toEqual(['version', 'finding', 'suggestion', 'points']);
    expect(await json('train', '--resume', runDir)).toMatchObject({ status: 'finished', step: 40 });
  });
  it('says what failed when there is no result', async () => {
    const { status, stdout, stderr } = await llm101('sample', '--run-dir', emptyFolder(), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'failed',
      command: 'sample',
      exitStatus: 1,
    });
    expect(stderr).toMatch(/^llm101: there is no model to read/);
  });
  it('says that a run was stopped', async () => {
    const runDir = join(emptyFolder(), 'run');
    const child = start([...SHORT.with(2, '100000000'), runDir, '--json']);
    const end = ended(child);
    await vi.waitFor(() => expect(metricsOf(runDir).length).toBeGreaterThan(1), {
      timeout: 200_000,
    });
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(status).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'stopped',
      step: metricsOf(runDir).at(-1)?.step,
    });
  });
});

describe('--quiet', () => {
  it('leaves the answer alone, and of a training nothing', async () => {
    const runDir = join(emptyFolder(), 'run');
    expect(await succeed(...SHORT, runDir, '--quiet')).toMatchObject({ stdout: '', stderr: '' });
    const { stdout } = await succeed('evaluate', '--run-dir', runDir, '--quiet');
    expect(stdout).toMatch(/^examples +5,911\nloss [\s\S]*\n$/);
    const sample = ['sample', '--run-dir', runDir, '--count', '2'];
    const loud = await succeed(...sample);
    expect(loud.stderr).toMatch(/^\d of 2 samples stand in the training text\n$/);
    expect(await succeed(...sample, '--quiet')).toEqual({ ...loud, stderr: '' });
  });
});

describe('progressLine', () => {
  const play = (stream: { isTTY?: boolean; columns?: number } | undefined): string[] => {
    const written: string[] = [];
    let nowMs = 0;
    const write = (text: string): number => written.push(text);
    const line = progressLine('evaluating', stream && { ...stream, write }, () => nowMs);
    for (nowMs = 0; nowMs < 25_000; nowMs += 50) line.update(nowMs, 25_000);
    line.end();
    return written;
  };
  it('is redrawn in a terminal, and erased at the end', () => {
    vi.stubEnv('CI', '');
    const written = play({ isTTY: true, columns: 40 });
    expect(written[0]).toBe('\revaluating 1%\u001B[K');
    expect(written.length).toBe(247 + 1); // ten a second after the first 300 ms, and the end
    expect(written.at(-1)).toBe('\r\u001B[K');
    expect(play({ isTTY: true, columns: 10 })[0]).toBe('\revaluat\u001B[K');
    vi.unstubAllEnvs();
  });
  it('is a plain line every ten seconds elsewhere, and none without a stream', () => {
    expect(play({})).toEqual(['evaluating 40% · 0:15 left\n', 'evaluating 80% · 0:05 left\n']);
    expect(play(undefined)).toEqual([]);
  });
  it('counts where the total is unknown', () => {
    const written: string[] = [];
    let nowMs = 0;
    const line = progressLine('downloading', { write: (text) => written.push(text) }, () => nowMs);
    nowMs = 10_000;
    line.update(12_345, undefined);
    expect(written).toEqual(['downloading 12,345\n']);
  });
});
