// What settings of the command mean for the rate of each step.
import { expectClose } from '@tools/testing';
import { expect, it } from 'vitest';
import { defaultSettings, makeSchedule, resolveSettings, type Settings } from '../src/index.js';

const rates = (own: Partial<Settings>, steps: readonly number[]): number[] =>
  steps.map(makeSchedule({ ...defaultSettings, lr: 1, ...own }));

it('a share of a warm-up is that of all steps', () => {
  const steps = [0, 4, 49, 50, 999];
  const shared = rates({ warmupSteps: '5%', maxSteps: 1000, schedule: 'cosine' }, steps);
  expect(shared).toEqual(rates({ warmupSteps: 50, maxSteps: 1000, schedule: 'cosine' }, steps));
  expect(shared[0]).toBe(1 / 51);
});

it('falls linearly from the end of the warm-up to the last step, or to another', () => {
  const linear = { schedule: 'linear', warmupSteps: 10, maxSteps: 110, finalLr: 0.2 } as const;
  expectClose(rates(linear, [10, 60, 110]), [1, 0.6, 0.2], { absolute: 1e-12 });
  expectClose(rates({ ...linear, decaySteps: 60 }, [10, 35, 60, 100]), [1, 0.6, 0.2, 0.2], {
    absolute: 1e-12,
  });
});

it('has the rates of nanoGPT’s run on Shakespeare', () => {
  const settings = { lr: 1e-3, warmupSteps: 100, decaySteps: 2000, finalLr: 1e-4 } as const;
  const [first, last, middle, after] = rates(
    { ...settings, schedule: 'cosine', maxSteps: 5000 },
    [0, 99, 1050, 2001],
  );
  expectClose([first, last], [1e-3 / 101, 0.1 / 101], { relative: 1e-15 });
  expectClose([middle, after], [5.5e-4, 1e-4], { relative: 1e-15 });
});

it.each(['5', '100%', '-1%', '5 %', 'half'])('refuses a warm-up of %s', (warmupSteps) => {
  expect(() => resolveSettings({ flags: { warmupSteps } })).toThrow(
    '--warmup-steps must be a whole number of at least 0, or a share below 100% such as 5%; got ',
  );
});
