import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { TrainingEvent } from '../src/index.js';
import { metricsFile, progressBar } from '../src/node/index.js';
import { formatProgress } from '../src/node/progress-bar.js';

const folder = mkdtempSync(join(tmpdir(), 'llm101-training-'));
afterAll(() => rmSync(folder, { recursive: true }));

const step = (n: number, trainLoss = 2.5): TrainingEvent => ({
  type: 'step',
  step: n,
  batchLoss: 2,
  trainLoss,
});

describe('metricsFile', () => {
  const metrics = {
    step: 1,
    trainLoss: 2.5,
    batchLoss: 2.5,
    stepsPerSecond: 10,
    learningRate: 0.1,
  };
  it('writes a line at once for each log event and for nothing else', () => {
    const path = join(folder, 'metrics.jsonl');
    const listener = metricsFile(path);
    listener({ type: 'start', step: 0, maxSteps: 2 });
    listener({ type: 'log', metrics });
    listener(step(2));
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(metrics)}\n`);
    listener({ type: 'log', metrics: { ...metrics, step: 2, valLoss: 3 } });
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      metrics,
      { ...metrics, step: 2, valLoss: 3 },
    ]);
  });
  it('continues after a step: later lines and half a line are dropped', () => {
    const path = join(folder, 'resumed.jsonl');
    const lines = [1, 2, 3].map((step) => `${JSON.stringify({ ...metrics, step })}\n`);
    writeFileSync(path, `${lines.join('')}{"step":`);
    const listener = metricsFile(path, { resumedAt: 2 });
    expect(readFileSync(path, 'utf8')).toBe(lines.slice(0, 2).join(''));
    listener({ type: 'log', metrics: { ...metrics, step: 3 } });
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    metricsFile(join(folder, 'new.jsonl'), { resumedAt: 0 });
    expect(readFileSync(join(folder, 'new.jsonl'), 'utf8')).toBe('');
  });
  it('fails at once where it can’t write', () => {
    expect(() => metricsFile(join(folder, 'missing', 'metrics.jsonl'))).toThrow('ENOENT');
  });
});

describe('formatProgress', () => {
  const progress = {
    step: 4200,
    maxSteps: 10_000,
    elapsedMs: 12_000,
    trainLoss: 2.42059,
    valLoss: 2.3,
  };
  it('shows a bar, the rate, the time left and the losses', () => {
    expect(formatProgress(progress, 100)).toBe(
      ' 42% ████████████▏················ 4,200/10,000 · 350 steps/s · 0:17 left · loss 2.4206 · val 2.3000',
    );
  });
  it('fills the width: the bar shrinks, then words and numbers make room for it, then it goes', () => {
    for (let width = 0; width <= 120; width++) {
      expect(formatProgress(progress, width).length).toBeLessThanOrEqual(width);
    }
    const lines = [77, 67, 56, 42, 20].map((width) => formatProgress(progress, width));
    expect(lines).toEqual([
      ' 42% █████······· 4,200/10,000 · 350/s · 0:17 left · loss 2.4206 · val 2.3000',
      ' 42% ███▊····· 4,200 · 350/s · 0:17 left · loss 2.4206 · val 2.3000',
      ' 42% █████▉········ 0:17 left · loss 2.4206 · val 2.3000',
      ' 42% █████······· loss 2.4206 · val 2.3000',
      ' 42% loss 2.4206 · v',
    ]);
  });
  it('has a bar at 80 columns, of a long run that is validated too', () => {
    const long = { ...progress, step: 142_000, maxSteps: 1_000_000, elapsedMs: 36_000_000 };
    for (const validating of [undefined, { scored: 1, total: 2 }]) {
      const line = formatProgress({ ...long, ...(validating && { validating }) }, 77);
      expect(line).toMatch(/█.* loss 2\.4206 · /);
    }
  });
  it('says how long a finished run took', () => {
    expect(formatProgress({ step: 10, maxSteps: 10, elapsedMs: 3_723_000, trainLoss: 1 })).toBe(
      '100% 10/10 · 0.0 steps/s · took 1:02:03 · loss 1.0000',
    );
  });
  it('writes the loss of a run that goes astray in short', () => {
    expect(formatProgress({ step: 2, maxSteps: 10, elapsedMs: 0, trainLoss: 1.2345e22 })).toBe(
      ' 20% 2/10 · loss 1.23e+22',
    );
  });
  it('counts only the steps since a run resumed', () => {
    const resumed = { step: 1100, startStep: 1000, maxSteps: 2000, elapsedMs: 1000 };
    expect(formatProgress(resumed)).toBe(' 55% 1,100/2,000 · 100 steps/s · 0:09 left');
  });
  it('says how far a validation is', () => {
    const line = (scored: number, total?: number): string =>
      formatProgress({ ...progress, validating: { scored, total } })
        .split(' · ')
        .at(-1) ?? '';
    expect(line(33, 100)).toBe('validating 33%');
    expect(line(12_345)).toBe('validating 12,345');
  });
  it('shows no rate before the first step', () => {
    expect(formatProgress({ step: 0, maxSteps: 10, elapsedMs: 0 })).toBe('  0% 0/10');
  });
});

describe('progressBar', () => {
  const play = (isTTY: boolean): string[] => {
    const written: string[] = [];
    let nowMs = 0;
    const listener = progressBar({
      stream: { write: (text: string) => written.push(text), isTTY, columns: 60 },
      now: () => nowMs,
    });
    listener({ type: 'start', step: 0, maxSteps: 1000 });
    for (let n = 1; n <= 1000; n++) {
      nowMs += 25;
      listener(step(n));
    }
    listener({ type: 'end', step: 1000, reason: 'finished' });
    return written;
  };
  it('draws one line over and over in a terminal', () => {
    vi.stubEnv('CI', '');
    const written = play(true);
    vi.unstubAllEnvs();
    expect(written.every((text) => text.startsWith('\r') && text.includes('\u001B[K'))).toBe(true);
    expect(written).toHaveLength(252); // at the start, every 0.1 s of 25 s, at the end
    expect(written.filter((text) => text.includes('\n'))).toEqual([written.at(-1)]);
    expect(written.at(-1)).toMatch(/100% █+ 1,000 · 40\/s · took/);
    const widths = written.map((text) => text.trimEnd().replace('\u001B[K', '').length - 1);
    expect(Math.max(...widths)).toBe(57); // a terminal's ^C stays in the line of 60 columns, and is drawn over
  });
  it('draws a long validation in place of the last one’s loss', () => {
    const written: string[] = [];
    let nowMs = 0;
    const stream = { write: (text: string) => written.push(text) };
    const listener = progressBar({ stream, now: () => nowMs });
    listener({ type: 'start', step: 0, maxSteps: 1000 });
    listener(step(1));
    for (const scored of [25, 50, 75]) {
      nowMs += 6000;
      listener({ type: 'validating', step: 1, scored, total: 100 });
    }
    listener({ type: 'end', step: 1, reason: 'stopped' });
    expect(written.map((text) => text.trimEnd().split(' · ').at(-1))).toEqual([
      '  0% 0/1,000',
      'validating 50%',
      'loss 2.5000',
    ]);
  });
  it.each(['a pipe', 'CI'])('writes a plain line at once and every ten seconds in %s', (where) => {
    if (where === 'CI') vi.stubEnv('CI', 'true');
    const written = play(where === 'CI');
    vi.unstubAllEnvs();
    expect(written).toEqual([
      '  0% 0/1,000\n',
      ' 40% 400/1,000 · 40 steps/s · 0:15 left · loss 2.5000\n',
      ' 80% 800/1,000 · 40 steps/s · 0:05 left · loss 2.5000\n',
      '100% 1,000/1,000 · 40 steps/s · took 0:25 · loss 2.5000\n',
    ]);
  });
});
