import { describe, expect, it } from 'vitest';
import { parseResults, parseSweep, resultLine, runSweep } from '../src/index.js';
import type { RawSweep, Result, RunSweepOptions, SweepOutcome } from '../src/index.js';
import { fakeTrials } from './fake-trials.js';

const space = { lr: { logUniform: [0.001, 10] }, momentum: { choice: [0, 0.9] } };
const settings = { maxSteps: 1000, valInterval: 50 };
const asha = { kind: 'asha', minSteps: 50, reduction: 3 };

const sweeps: Readonly<Record<string, RawSweep>> = {
  'at random': { settings, space, trials: 30 },
  'all combinations': {
    settings,
    space: { lr: { choice: [1, 0.1, 0.01] }, momentum: space.momentum },
  },
  'by TPE': { settings, space, sampler: 'tpe', trials: 40 },
  'by halving': { settings, space, scheduler: asha, trials: 60 },
  'by TPE and halving, with seeds': {
    settings,
    space,
    sampler: 'tpe',
    scheduler: asha,
    trials: 30,
    seeds: 2,
  },
};

const run = (
  sweep: RawSweep,
  seed: number,
  options: Partial<RunSweepOptions> = {},
): Promise<SweepOutcome> =>
  runSweep(parseSweep(sweep), {
    execute: fakeTrials(seed),
    concurrency: 1 + (seed % 7),
    ...options,
  });

describe('runSweep', () => {
  it.each(Object.entries(sweeps))(
    'runs the same trials in whatever order they end: %s',
    async (_, sweep) => {
      const first = await run(sweep, 0);
      expect(first.status).toBe('finished');
      for (let seed = 1; seed < 12; seed++) {
        expect(
          await run(sweep, seed, { concurrency: seed === 11 ? 1000 : 1 + (seed % 7) }),
        ).toEqual(first);
      }
      expect(await run({ ...sweep, seed: 5 }, 1)).not.toEqual(
        'sampler' in sweep || sweep['trials'] ? first : {},
      );
    },
  );

  it.each(Object.entries(sweeps))(
    'goes on where it was stopped, wherever that was: %s',
    async (_, sweep) => {
      const whole = await run(sweep, 0);
      for (const most of [0, 1, 7, 23]) {
        const kept: Result[] = [];
        const controller = new AbortController();
        const record = (result: Result): void => {
          if (kept.length >= most) controller.abort();
          else kept.push(result);
        };
        await run(sweep, 3, { record, signal: controller.signal });
        const results = parseResults(kept.map(resultLine).join('') + '{"trial":3,"repet');
        const log: string[] = [];
        const rest = await run(sweep, 4, { results, execute: fakeTrials(4, { log }) });
        expect(rest).toEqual(whole);
        const again = new Set(
          kept.map(({ trial, repetition, until }) => `${trial}/${repetition}/${until ?? 'end'}`),
        );
        expect(log.filter((key) => again.has(key))).toEqual([]);
      }
    },
  );

  it('has as many at a time as it may, where nothing is to be waited for', async () => {
    let running = 0;
    let most = 0;
    await run({ settings, space, trials: 40 }, 0, {
      concurrency: 5,
      async execute(job, options) {
        most = Math.max(most, ++running);
        const result = await fakeTrials(job.trial)(job, options);
        running--;
        return result;
      },
    });
    expect(most).toBe(5);
  });

  it('has a trial that fails end neither the sweep nor another trial', async () => {
    const execute = fakeTrials(1, { fails: ({ trial }) => trial % 5 === 3 });
    const { status, trials, best } = await run(sweeps['by halving'], 1, { execute });
    expect(status).toBe('finished');
    expect(trials).toHaveLength(60);
    for (const { trial, status: own, error, value } of trials) {
      const isOdd = trial % 5 === 3;
      expect(own === 'failed').toBe(isOdd);
      expect(error).toBe(isOdd ? 'the loss must be finite' : undefined);
      expect(value === undefined).toBe(isOdd);
    }
    expect(best?.status).toBe('finished');
  });

  it('has settings that no run can have fail as their trial alone', async () => {
    const odd = await run(
      { settings, space: { momentum: { choice: [0, 0.9] }, nesterov: { choice: [true] } } },
      1,
    );
    expect(odd.trials.map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(odd.trials[0].error).toContain('--nesterov needs a --momentum above 0');
  });

  it('ends with the error of what does its jobs', async () => {
    const execute = async (): Promise<never> => Promise.reject(new Error('the disk is full'));
    await expect(run(sweeps['by halving'], 1, { execute })).rejects.toThrow('the disk is full');
    const record = (): never => {
      throw new Error('the disk is full');
    };
    await expect(run(sweeps['by TPE'], 1, { record })).rejects.toThrow('the disk is full');
  });

  it('keeps to its steps in all', async () => {
    const maxTotalSteps = 4000;
    const { trials } = await run({ ...sweeps['by halving'], maxTotalSteps }, 2);
    const done = trials.reduce((sum, { step }) => sum + step, 0);
    expect(done).toBeLessThanOrEqual(maxTotalSteps);
    expect(done).toBeGreaterThan(maxTotalSteps - 1000);
  });

  it('has at least one trial go on to its end', async () => {
    const { trials } = await run({ settings, space, scheduler: asha, trials: 2 }, 2);
    expect(trials.filter(({ status }) => status === 'finished')).toHaveLength(1);
  });

  it('counts the mean over the seeds of a trial', async () => {
    const { best } = await run(sweeps['by TPE and halving, with seeds'], 3);
    const [a = NaN, b = NaN] = best?.values ?? [];
    expect(a).not.toBe(b);
    expect(best?.value).toBe((a + b) / 2);
  });
});
