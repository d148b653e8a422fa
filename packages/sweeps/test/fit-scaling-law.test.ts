import { Generator, normal } from '@llm101/random';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { fitScalingLaw, predictLoss, type ScalingLaw, type ScalingPoint } from '../src/index.js';
import { chinchilla, why } from './chinchilla.js';

const truth: ScalingLaw = { E: 1.8, A: 480, B: 2100, alpha: 0.35, beta: 0.37 };

/** Losses of a law at sizes N times D, with noise. */
function made(
  law: ScalingLaw,
  {
    parameters = [1e8, 3e8, 1e9, 3e9],
    tokens = [2e9, 8e9, 3e10, 1e11],
    std = 0,
  }: { parameters?: number[]; tokens?: number[]; std?: number } = {},
): ScalingPoint[] {
  const sizes = parameters.flatMap((n) => tokens.map((d) => ({ parameters: n, tokens: d })));
  const noise = normal(Generator.seeded(7), sizes.length, { std });
  return sizes.map((size, i) => pointAt(law, size, Math.exp(noise[i])));
}

function pointAt(law: ScalingLaw, size: Omit<ScalingPoint, 'loss'>, factor = 1): ScalingPoint {
  return { ...size, loss: predictLoss(law, size) * factor };
}

const numbersOf = ({ E, A, B, alpha, beta }: ScalingLaw): number[] => [E, A, B, alpha, beta];

describe.skipIf(why !== '')(`Besiroglu et al.'s runs${why}`, () => {
  const kept = chinchilla.slice(0, -5);

  it('reaches the lowest sum known, with intervals that hold what they published', () => {
    const generator = Generator.seeded(101);
    const fit = fitScalingLaw(kept, { bootstrap: { generator, resamples: 300 } });
    // SciPy, ground to the bottom: ../shared/reference/README.md, whose digits these are
    expectClose(fit.sum, 0.00101827, { absolute: 5e-9 });
    const { E, A, B, alpha, beta } = fit.law;
    expectClose([E, alpha, beta], [1.81722, 0.34731, 0.36717], { absolute: 5e-6 });
    expectClose([A, B], [477.83, 2143.4], { relative: 1e-4 });
    expect(fit.doubts).toEqual([]);
    const published = { E: 1.817, A: 482.0, B: 2085.4, alpha: 0.3478, beta: 0.3659 } as const;
    for (const key of ['E', 'A', 'B', 'alpha', 'beta'] as const) {
      const { low, high } = fit.intervals?.[key] ?? { low: NaN, high: NaN };
      expect(published[key], key).toBeGreaterThan(low);
      expect(published[key], key).toBeLessThan(high);
    }
    // their standard errors are 0.03 for E, 0.02 for alpha and beta: an interval is some four of these wide
    const widths = (['E', 'alpha', 'beta'] as const).map((key) => {
      const { low, high } = fit.intervals?.[key] ?? { low: NaN, high: NaN };
      return high - low;
    });
    expectClose(widths, [0.12, 0.08, 0.08], { relative: 0.5 });
  });

  // by tools/reference/scaling.py, SciPy 1.17.1
  it.each([
    ['all', chinchilla, 0.0018260105],
    ['60 highest losses left out', chinchilla.slice(0, -60), 0.00063310637],
    ['every 20th', chinchilla.filter((_, i) => i % 20 === 3), undefined],
  ])('%s', (_, points, sum) => {
    const fit = fitScalingLaw(points);
    if (sum !== undefined) expectClose(fit.sum, sum, { relative: 1e-7 }); // its printed digits
    // the order changes no bit, and neither do units change more than A, B and last bits
    const turned = fitScalingLaw(points.toReversed());
    expect(turned.sum).toBe(fit.sum);
    expect(turned.law).toEqual(fit.law);
    const scaled = fitScalingLaw(
      points.map(({ parameters, tokens, loss }) => ({
        parameters: parameters * 1e-9,
        tokens: tokens * 1e-6,
        loss,
      })),
    );
    expectClose(scaled.sum, fit.sum, { relative: 1e-12 });
    // the valley is flat: the sum's last bit is the square of these
    const { E, alpha, beta } = fit.law;
    expectClose([scaled.law.E, scaled.law.alpha, scaled.law.beta], [E, alpha, beta], {
      relative: 1e-6,
    });
  });
});

describe('fitScalingLaw', () => {
  it('finds the law of points without noise', () => {
    const fit = fitScalingLaw(made(truth));
    expect(fit.sum).toBeLessThan(1e-18);
    expectClose(numbersOf(fit.law), numbersOf(truth), { relative: 1e-5 }); // a sum of squares below 1e-18
  });

  it('draws the same intervals from the same seed, in any order', () => {
    const points = made(truth, { std: 0.01 });
    const of = (some: readonly ScalingPoint[], seed: number) =>
      fitScalingLaw(some, { bootstrap: { generator: Generator.seeded(seed), resamples: 20 } });
    const fit = of(points, 1);
    expect(of(points.toReversed(), 1)).toEqual(fit);
    expect(of(points, 2).intervals).not.toEqual(fit.intervals);
    expect(fit.resamples).toHaveLength(20);
    const { low, high } = fit.intervals?.alpha ?? { low: NaN, high: NaN };
    expect(low).toBeLessThan(fit.law.alpha);
    expect(high).toBeGreaterThan(fit.law.alpha);
  });

  it.each([
    ['E is at its bound, 0', made({ ...truth, E: 0 })],
    ['no loss depends on N by more than 0.1 %', made({ ...truth, A: 0 })],
    ['no loss depends on D by more than 0.1 %', made({ ...truth, B: 0 })],
    ["beta isn't above 0", made({ E: 1, A: 480, alpha: 0.35, B: 0.01, beta: -0.15 })],
    [
      'N and D change together',
      [1e8, 2e8, 4e8, 8e8, 2e9, 4e9, 9e9].map((parameters) =>
        pointAt(truth, { parameters, tokens: 20 * parameters }),
      ),
    ],
  ])('doubts: %s', (doubt, points) => {
    const { doubts } = fitScalingLaw(points);
    expect(doubts.join('\n')).toContain(doubt);
  });

  const points = made(truth);
  const first = points[0];
  it.each([
    [points.slice(0, 5), 'fitScalingLaw: there must be 6 to 100,000 points; got 5'],
    [
      [...points, { ...first, loss: 0 }],
      'fitScalingLaw: L must be a number above 0, from 1e-100 to 1e+100; the loss of point 16 is 0',
    ],
    [
      [{ ...first, tokens: Number.NaN }, ...points],
      'fitScalingLaw: D must be a number above 0, from 1e-100 to 1e+100; the tokens of point 0 is NaN',
    ],
    [
      points.map((point) => ({ ...point, parameters: 7 })),
      "fitScalingLaw: points must have at least 3 different N (parameters), as fewer don't decide A and alpha; got 1; fit a power law of what differs by fitPowerLaw",
    ],
    [
      points.filter(({ tokens }) => tokens < 1e10),
      'fitScalingLaw: points must have at least 3 different D (tokens)',
    ],
  ])('refuses points that decide no law', (bad, message) => {
    expect(() => fitScalingLaw(bad)).toThrow(message);
  });

  it('refuses options out of their range', () => {
    const generator = Generator.seeded(1);
    expect(() => fitScalingLaw(points, { delta: 0 })).toThrow(
      'fitScalingLaw: delta must be a number above 0; got 0',
    );
    expect(() => fitScalingLaw(points, { bootstrap: { generator, resamples: 3 } })).toThrow(
      'fitScalingLaw: resamples must be a whole number from 20 to 100,000; got 3',
    );
    expect(() => fitScalingLaw(points, { bootstrap: { generator, confidence: 1 } })).toThrow(
      'fitScalingLaw: confidence must be a number between 0 and 1; got 1',
    );
  });
});
