// Against SciPy's figures, kept in fixtures/scaling.json.
import { readFileSync } from 'node:fs';
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import { fitPowerLaw, predictPower } from '../src/index.js';
import { studentQuantile } from '../src/scaling/student-t.js';

interface Figures {
  readonly lines: readonly {
    readonly x: number[];
    readonly y: number[];
    readonly lnA: number;
    readonly b: number;
    readonly r2: number;
    readonly errorOfLnA: number;
    readonly errorOfB: number;
    readonly t: number;
  }[];
  readonly quantiles: readonly {
    readonly probability: number;
    readonly degrees: number;
    readonly value: number;
  }[];
}

const figures = JSON.parse(
  readFileSync(new URL('fixtures/scaling.json', import.meta.url), 'utf8'),
) as Figures;

describe('fitPowerLaw', () => {
  it.each(figures.lines.map((line) => [line.x.length, line] as const))(
    'equals linregress on %i points',
    (count, line) => {
      const fit = fitPowerLaw(line.x.map((x, i) => ({ x, y: line.y[i] })));
      // sums of up to 60 logarithms, each rounded to 1e-16
      const close = { relative: 1e-12 } as const;
      expectClose([Math.log(fit.law.a), fit.law.b, fit.r2], [line.lnA, line.b, line.r2], close);
      expectClose(
        [fit.standardErrors.lnA, fit.standardErrors.b],
        [line.errorOfLnA, line.errorOfB],
        close,
      );
      expectClose(
        [fit.intervals.b.low, Math.log(fit.intervals.a.high)],
        [line.b - line.t * line.errorOfB, line.lnA + line.t * line.errorOfLnA],
        { relative: 1e-9 }, // of the quantile
      );
      expect(fit.count).toBe(count);
      expectClose(predictPower(fit.law, 1), fit.law.a, { relative: 1e-15 });
    },
  );

  it('finds a law without noise, and one that is flat', () => {
    const exact = fitPowerLaw([1, 2, 4].map((x) => ({ x, y: 3 / x })));
    expectClose([exact.law.a, exact.law.b, exact.r2], [3, -1, 1], { relative: 1e-14 });
    const flat = fitPowerLaw([1, 2, 4].map((x) => ({ x, y: 3 })));
    expectClose(flat.law.b, 0, { absolute: 1e-15 });
    expect(flat.r2).toBeNaN();
  });

  it.each([
    [[1, 2], 'fitPowerLaw: there must be 3 to 100,000 points; got 2'],
    [
      [5, 5, 5],
      'fitPowerLaw: points must have two different x, as one leaves the slope open; all are 5',
    ],
    [
      [1, 2, -3],
      'fitPowerLaw: x must be a number above 0, from 1e-100 to 1e+100; that of point 2 is -3',
    ],
  ])('refuses x %o', (xs, message) => {
    expect(() => fitPowerLaw(xs.map((x) => ({ x, y: 1 })))).toThrow(message);
  });

  it("knows Student's t", () => {
    for (const { probability, degrees, value } of figures.quantiles)
      expectClose(studentQuantile(probability, degrees), value, { relative: 1e-9 });
  });
});
