import { defaultSettings } from '@llm101/runs';
import type { TrialJob } from '@llm101/sweeps';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sweepDisplay } from '../src/commands/sweep/progress.js';
import { makeOutput } from '../src/terminal/output.js';

const jobOf = (trial: number, until?: number): TrialJob => ({
  trial,
  repetition: 0,
  until,
  point: { lr: trial },
  settings: { ...defaultSettings, maxSteps: 400 },
});

/** What a display writes of two trials. */
function written(isTTY: boolean): string {
  let text = '';
  let now = 0;
  const display = sweepDisplay({
    output: makeOutput({}),
    trials: 2,
    direction: 'minimize',
    describe: ({ point }) => `lr ${point['lr']}`,
    stream: { isTTY, columns: 60, write: (part) => (text += part) },
    now: () => (now += 60_000),
  });
  display.listener({ type: 'start', job: jobOf(0, 100) });
  display.listener({ type: 'start', job: jobOf(1) });
  display.progress(jobOf(1), { step: 30, trainLoss: 2.5 });
  const result = {
    trial: 0,
    repetition: 0,
    until: 100,
    status: 'paused',
    step: 100,
    value: 2.25,
  } as const;
  display.listener({ type: 'result', result, isKnown: false });
  const end = { trial: 1, repetition: 0, status: 'finished', step: 400, value: 2 } as const;
  display.listener({ type: 'result', result: end, isKnown: false });
  display.listener({ type: 'start', job: jobOf(0) });
  const failed = {
    trial: 0,
    repetition: 0,
    status: 'failed',
    step: 120,
    error: 'it is odd\u001B[2J',
  } as const;
  display.listener({ type: 'result', result: failed, isKnown: false });
  display.end();
  return text;
}

beforeEach(() => vi.stubEnv('CI', ''));
afterEach(() => void vi.unstubAllEnvs());

it('writes a line for each part that ended, where it is no terminal', () => {
  expect(written(false).split('\n')).toEqual([
    'trial 0: lr 0 · paused after step 100 · 2.2500',
    'trial 1: lr 1 · ended after step 400 · 2.0000',
    'trial 0: lr 0 failed after step 120: it is odd␛[2J',
    '',
  ]);
});

it('draws the whole and each trial that runs, in a terminal, and takes it away', () => {
  const text = written(true);
  expect(text).toContain(
    'trials 2 of 2 · 0 ended · 7:00\n  0: lr 0 · 0 of 100\n  1: lr 1 · 30 of 400 · loss 2.5000\n',
  );
  expect(text).toContain('1 ended · 1 paused · best 2.0000 of trial 1');
  expect(text).not.toContain('\u001B[2J');
  expect(text.endsWith('\u001B[J')).toBe(true);
});
