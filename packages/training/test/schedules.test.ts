import { readFileSync } from 'node:fs';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  constantRate,
  cosineDecay,
  linearDecay,
  oneCycle,
  stepDecay,
  warmUp,
} from '../src/index.js';
import type { Schedule } from '../src/index.js';

const { cases } = JSON.parse(
  readFileSync(new URL('fixtures/schedules.json', import.meta.url), 'utf8'),
) as { readonly cases: Readonly<Record<string, readonly number[]>> };

const learningRate = 0.1;
const schedules: Readonly<Record<string, Schedule>> = {
  constant: constantRate(learningRate),
  step: stepDecay({ learningRate, stepSize: 7, gamma: 0.5 }),
  cosine: cosineDecay({ learningRate, steps: 40 }),
  'cosine, final rate': cosineDecay({ learningRate, steps: 40, finalLearningRate: 0.02 }),
  'cosine, warm-up': warmUp(10, cosineDecay({ learningRate, steps: 30 })),
  linear: linearDecay({ learningRate, steps: 30 }),
  'linear, final rate, warm-up': warmUp(
    10,
    linearDecay({ learningRate, steps: 20, finalLearningRate: 0.02 }),
  ),
  'step, warm-up': warmUp(5, stepDecay({ learningRate, stepSize: 10 })),
  'one cycle': oneCycle({ learningRate, steps: 40 }),
  'one cycle, own shape': oneCycle({
    learningRate,
    steps: 40,
    rise: 0.51,
    divFactor: 10,
    finalDivFactor: 50,
  }),
};

describe('a schedule has PyTorch’s rates', () => {
  it.each(Object.entries(cases))('%s', (name, expected) => {
    // PyTorch multiplies its way from step to step, in double: 2e-15 of the first rate measured.
    expectClose(
      expected.map((_, n) => schedules[name](n)),
      expected,
      { relative: 1e-11, absolute: 1e-14 },
    );
  });
  it('in each case', () => {
    expect(Object.keys(schedules)).toEqual(Object.keys(cases));
  });
});

it('stays at its last rate after the last step', () => {
  expect(cosineDecay({ learningRate, steps: 4, finalLearningRate: 0.01 })(9)).toBe(0.01);
  expectClose(oneCycle({ learningRate, steps: 10 })(30), 0.1 / 25 / 1e4, { relative: 1e-12 });
});

it('has nanoGPT’s rates: parts of a warm-up, then a cosine from the highest to the least', () => {
  const [warmup, decay, least] = [100, 2000, 1e-4];
  const schedule = warmUp(
    warmup,
    cosineDecay({ learningRate: 1e-3, steps: decay - warmup, finalLearningRate: least }),
  );
  const rate = (i: number): number => {
    if (i < warmup) return (1e-3 * (i + 1)) / (warmup + 1);
    if (i > decay) return least;
    return (
      least + 0.5 * (1 + Math.cos((Math.PI * (i - warmup)) / (decay - warmup))) * (1e-3 - least)
    );
  };
  for (let i = 0; i < 2100; i++) expectClose(schedule(i), rate(i), { relative: 1e-15 });
});

it('begins without a warm-up of no steps', () => {
  expect(warmUp(0, constantRate(0.1))(0)).toBe(0.1);
  expect([0, 1, 2].map(oneCycle({ learningRate, steps: 2, rise: 0.5 })).slice(0, 1)).toEqual([0.1]);
});

it.each<[string, () => Schedule]>([
  ['constantRate: learningRate must be finite and above 0; got 0', () => constantRate(0)],
  [
    'stepDecay: stepSize must be a whole number of at least 1; got 0',
    () => stepDecay({ learningRate, stepSize: 0 }),
  ],
  [
    'cosineDecay: finalLearningRate must be finite and at least 0; got -1',
    () => cosineDecay({ learningRate, steps: 1, finalLearningRate: -1 }),
  ],
  [
    'oneCycle: rise must be finite and at least 0 and below 1; got 1',
    () => oneCycle({ learningRate, steps: 1, rise: 1 }),
  ],
  [
    'warmUp: steps must be a whole number of at least 0; got 0.5',
    () => warmUp(0.5, constantRate(1)),
  ],
])('refuses: %s', (message, make) => {
  expect(make).toThrow(message);
});
