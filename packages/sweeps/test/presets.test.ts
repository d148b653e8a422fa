import { expect, it } from 'vitest';
import { parseSweep, settingsOfTrial, SweepPlan, sweepPreset, sweepPresets } from '../src/index.js';

it.each(Object.entries(sweepPresets))('%s is a sweep whose trials can all run', (name, preset) => {
  expect(sweepPreset(name)).toBe(preset);
  const sweep = parseSweep(preset, name);
  const plan = new SweepPlan(sweep);
  while (plan.next() !== undefined);
  expect(plan.trials).toHaveLength(20);
  const settings = plan.trials.map(({ point }) => settingsOfTrial(sweep, { point }));
  expect(new Set(settings.map(({ dEmbed, trainShare }) => `${dEmbed}/${trainShare}`)).size).toBe(
    20,
  );
  expect(settings.every(({ epochs }) => epochs === 1)).toBe(true);
});

it('knows no other name', () => {
  expect(sweepPreset('toString')).toBeUndefined();
});
