import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  distribution,
  entropy,
  grassbergerEntropy,
  jamesSteinEntropy,
  laplaceEntropy,
  millerMadowEntropy,
  plugInEntropy,
  type EntropyEstimator,
} from '../src/index.js';

const estimators = [
  plugInEntropy,
  millerMadowEntropy,
  laplaceEntropy,
  jamesSteinEntropy,
  grassbergerEntropy,
];
const bits = { unit: 'bits' } as const;
const rounding = { absolute: 1e-15, relative: 1e-15 };
const EULER = 0.577_215_664_901_532_9;

/** Counts of `n` draws from `p`. */
function draw(p: ArrayLike<number>, n: number, random: Generator): Uint32Array {
  const counts = new Uint32Array(p.length);
  for (let i = 0; i < n; i++) {
    let rest = random.nextDouble();
    let symbol = 0;
    while (symbol < p.length - 1 && rest >= p[symbol]) rest -= p[symbol++];
    counts[symbol]++;
  }
  return counts;
}

describe('hand-derived', () => {
  it('plug-in and Miller–Madow', () => {
    expect(plugInEntropy([2, 2, 0], bits)).toBe(1);
    expectClose(millerMadowEntropy([2, 2, 0]), Math.LN2 + 1 / 8, rounding);
    expect(millerMadowEntropy([7])).toBe(0);
  });
  it('Laplace', () => {
    expectClose(laplaceEntropy([3, 0, 0, 1], bits), 7 / 4, rounding); // 4, 1, 1, 2 of 8
    expect(laplaceEntropy([1, 0], { pseudocount: 1e12, ...bits })).toBe(1);
  });
  it('James–Stein', () => {
    // Σ p² = 5/8, Σ (1/2 - p)² = 1/8, so λ = 3/8 / (3 · 1/8) = 1: four draws as uneven as 3:1 prove nothing.
    expect(jamesSteinEntropy([3, 1], bits)).toBe(1);
    // 5:1: Σ p² = 26/36, Σ (1/2 - p)² = 8/36, λ = 10/36 / (5 · 8/36) = 1/4: 3/4 · 1/6 + 1/8 = 1/4.
    expectClose(jamesSteinEntropy([5, 1], bits), 2 - 0.75 * Math.log2(3), rounding);
    expect(jamesSteinEntropy([1, 0], bits)).toBe(1); // one draw
    expect(jamesSteinEntropy([5])).toBe(0); // one symbol
  });
  it('Grassberger', () => {
    // G(1) = -γ - ln 2, G(2) = G(3) = 2 - γ - ln 2.
    const g = [0, -EULER - Math.LN2, 2 - EULER - Math.LN2, 2 - EULER - Math.LN2];
    expectClose(grassbergerEntropy([1, 1]), Math.LN2 - g[1], rounding);
    expectClose(
      grassbergerEntropy([1, 2, 3, 0]),
      Math.log(6) - (g[1] + 2 * g[2] + 3 * g[3]) / 6,
      rounding,
    );
  });
});

describe('against the truth', () => {
  const truth = distribution(Array.from({ length: 27 }, (_, i) => 1 / (i + 1)));

  function meanError(estimator: EntropyEstimator, n: number): number {
    const random = Generator.seeded(101);
    let mean = 0;
    for (let i = 0; i < 400; i++) mean += estimator(draw(truth, n, random)) / 400;
    return mean - entropy(truth);
  }

  it('the plug-in estimate of 500 draws is too small by about (m - 1) / 2N', () => {
    // 26 / 1000; the next term of the series is 5e-4. The mean of 400 estimates has a standard error of 2e-3.
    expectClose(meanError(plugInEntropy, 500), -0.026, { absolute: 7e-3 });
  });
  it.each([
    ['Miller–Madow', millerMadowEntropy, 1 / 2],
    ['James–Stein', jamesSteinEntropy, 1 / 2],
    ['Grassberger', grassbergerEntropy, 1 / 4],
  ])('%s errs less', (_name, estimator, share) => {
    const bias = Math.abs(meanError(estimator, 50));
    expect(bias).toBeLessThan(share * Math.abs(meanError(plugInEntropy, 50)));
  });
  it.each(estimators)('$name finds it given enough draws', (estimator) => {
    // A million draws: standard error √(variance of the surprisal / N) ≈ 1e-3, bias 1.3e-5.
    const counts = draw(truth, 1e6, Generator.seeded(7));
    expectClose(estimator(counts), entropy(truth), { absolute: 4e-3 });
  });
  it('the bootstrap interval contains it about as often as it says', () => {
    const random = Generator.seeded(101);
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const counts = draw(truth, 400, random);
      const { lower, upper } = bootstrapInterval(counts, grassbergerEntropy, {
        random,
        resamples: 200,
        confidence: 0.9,
      });
      if (lower <= entropy(truth) && entropy(truth) <= upper) held++;
    }
    // 180 of 200 promised, standard deviation 4.2: three of these either way.
    expect(held).toBeGreaterThanOrEqual(167);
    expect(held).toBeLessThanOrEqual(193);
  });
});

describe('bootstrapInterval', () => {
  const counts = [40, 30, 20, 10];
  it('repeats with its seed, in the requested unit', () => {
    const run = (seed: number, unit: 'bits' | 'nats') =>
      bootstrapInterval(counts, plugInEntropy, { random: Generator.seeded(seed), unit });
    const first = run(5, 'bits');
    expect(run(5, 'bits')).toEqual(first);
    expect(run(6, 'bits')).not.toEqual(first);
    expect(first.estimate).toBe(plugInEntropy(counts, bits));
    expectClose(run(5, 'nats').lower, first.lower * Math.LN2, { relative: 1e-14 });
    expect(first.lower).toBeLessThan(first.estimate);
    expect(first.upper).toBeGreaterThan(first.estimate);
  });
  it('is a point where nothing is left to chance', () => {
    const interval = bootstrapInterval([9], plugInEntropy, { random: Generator.seeded(1) });
    expect(interval).toEqual({ estimate: 0, lower: 0, upper: 0 });
  });
  it.each([
    [{ resamples: 1 }, 'bootstrapInterval: resamples must be a whole number from 2 on; got 1'],
    [{ confidence: 1 }, 'bootstrapInterval: confidence must lie between 0 and 1; got 1'],
  ])('%j', (options, message) => {
    const random = Generator.seeded(1);
    expect(() => bootstrapInterval(counts, plugInEntropy, { random, ...options })).toThrow(
      new RangeError(message),
    );
  });
});

describe.each(estimators)('$name', (estimator) => {
  it.each([
    [[], 'counts must have a positive, finite sum; got 0'],
    [[0, 0], 'counts must have a positive, finite sum; got 0'],
    [[1, -1], 'counts must be whole numbers from 0 on; got -1 at index 1'],
    [[0.5], 'counts must be whole numbers from 0 on; got 0.5 at index 0'],
    [[NaN], 'counts must be whole numbers from 0 on; got NaN at index 0'],
  ])('(%j)', (counts, message) => {
    expect(() => estimator(counts)).toThrow(new RangeError(`${estimator.name}: ${message}`));
  });
});

it('laplaceEntropy without a pseudocount', () => {
  expect(() => laplaceEntropy([1], { pseudocount: 0 })).toThrow(
    'laplaceEntropy: pseudocount must be positive and finite; got 0',
  );
});
