import { portableLog } from '@llm101/info-theory';
import { boundedExp } from './bounded-exp.js';
import { checkCount } from './checks.js';
import { CONFIDENCE, type Interval } from './interval.js';
import { checkConfidence, checkPositive } from './numbers.js';
import { studentQuantile } from './student-t.js';

/** A power law `y = a x^b`, a line in log-log axes. */
export interface PowerLaw {
  readonly a: number;
  /** The slope. */
  readonly b: number;
}

/** A power law with how well it fits. */
export interface PowerLawFit {
  readonly law: PowerLaw;
  /** The share of the variance of ln y that it explains, 0 to 1; NaN where all y are the same. */
  readonly r2: number;
  /** Of ln a, and of b. */
  readonly standardErrors: { readonly lnA: number; readonly b: number };
  /** By Student's t with n - 2 degrees of freedom. */
  readonly intervals: { readonly a: Interval; readonly b: Interval };
  /** How many points were fitted. */
  readonly count: number;
}

/** How {@link fitPowerLaw} fits. */
export interface PowerLawOptions {
  /** How often the intervals should hold the truth, between 0 and 1. Default: 0.95. */
  readonly confidence?: number;
}

/**
 * Fits `y = a x^b` by least squares of logarithms: `scipy.stats.linregress(log x, log y)`.
 *
 * @param points - at least 3 pairs, with two different x
 * @throws RangeError when there are fewer, all x are the same, or a number isn't finite and above 0
 */
export function fitPowerLaw(
  points: readonly { readonly x: number; readonly y: number }[],
  { confidence = CONFIDENCE }: PowerLawOptions = {},
): PowerLawFit {
  checkCount('fitPowerLaw', points.length, 3);
  checkConfidence('fitPowerLaw', confidence);
  for (const [i, point] of points.entries()) {
    for (const key of ['x', 'y'] as const)
      checkPositive(`fitPowerLaw: ${key}`, point[key], `that of point ${i}`);
  }
  const x = centredLogs(points.map((point) => point.x));
  const y = centredLogs(points.map((point) => point.y));
  const [xx, xy, yy] = [dot(x.values, x.values), dot(x.values, y.values), dot(y.values, y.values)];
  if (xx < 1e-20 * (1 + x.mean * x.mean))
    throw new RangeError(
      `fitPowerLaw: points must have two different x, as one leaves the slope open; all are ${points[0].x}`,
    );
  const b = xy / xx;
  const lnA = y.mean - b * x.mean;
  const count = points.length;
  const residuals = x.values.map((value, i) => y.values[i] - b * value);
  const variance = dot(residuals, residuals) / (count - 2);
  const errorOfB = Math.sqrt(variance / xx);
  const errorOfLnA = Math.sqrt(variance * (1 / count + (x.mean * x.mean) / xx));
  const t = studentQuantile((1 + confidence) / 2, count - 2);
  return {
    law: { a: boundedExp(lnA), b },
    r2: yy === 0 ? Number.NaN : Math.max(0, 1 - dot(residuals, residuals) / yy),
    standardErrors: { lnA: errorOfLnA, b: errorOfB },
    intervals: {
      a: {
        low: boundedExp(lnA - t * errorOfLnA),
        high: boundedExp(lnA + t * errorOfLnA),
      },
      b: { low: b - t * errorOfB, high: b + t * errorOfB },
    },
    count,
  };
}

/**
 * What a power law says of x.
 *
 * @throws RangeError unless x is finite and above 0
 */
export function predictPower({ a, b }: PowerLaw, x: number): number {
  checkPositive('predictPower: x', x, 'it');
  return a * boundedExp(b * portableLog(x));
}

/** Logarithms less their mean. */
function centredLogs(values: readonly number[]) {
  const logs = values.map(portableLog);
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  return { mean, values: logs.map((log) => log - mean) };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);
