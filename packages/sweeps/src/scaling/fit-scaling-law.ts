import { bootstrapLaws, type BootstrapOptions } from './bootstrap.js';
import { checkPoints } from './checks.js';
import { type Interval, intervalOf } from './interval.js';
import { descend, type Minimum } from './lbfgs.js';
import { LogResiduals, NO_FLOOR } from './log-residuals.js';
import { doubtsAbout } from './doubts.js';
import { polish } from './polish.js';
import type { ScalingLaw, ScalingPoint } from './scaling-law.js';
import { startsOf } from './starts.js';

/** How {@link fitScalingLaw} fits. */
export interface ScalingLawOptions {
  /** Log residuals beyond this count by their size, not its square, so that few outliers don't decide. Default: 0.001. */
  readonly delta?: number;
  /** Intervals, by fitting resamples of the points. Default: none. */
  readonly bootstrap?: BootstrapOptions | undefined;
}

/** The numbers of a law by name, and the exponent by which the best N rises with compute. */
export type ScalingLawKey = keyof ScalingLaw | 'exponentOfN';

/** A law with how well it fits. */
export interface ScalingLawFit {
  readonly law: ScalingLaw;
  /** The sum of Huber losses of the points' log residuals: what was minimised. */
  readonly sum: number;
  /** How many points were fitted. */
  readonly count: number;
  /** Quantiles of the resamples' laws; without a bootstrap there are none. */
  readonly intervals?: Readonly<Record<ScalingLawKey, Interval>>;
  /** The laws of the resamples. */
  readonly resamples: readonly ScalingLaw[];
  /** What the points leave open, in words; mostly none. */
  readonly doubts: readonly string[];
}

/** The exponent of N* in compute, `N* ~ C^(beta / (alpha + beta))`; that of D* is 1 less it. */
export const exponentOfN = ({ alpha, beta }: ScalingLaw): number => beta / (alpha + beta);

/** Steps of a descent from each of the starts, and how many of the places where they end are ground to the bottom. */
const [STEPS, GROUND] = [60, 12];

/**
 * Fits `L = E + A / N^alpha + B / D^beta`: minimises the sum of Huber losses of `ln(predicted) - ln(L)`, the prediction's logarithm as a
 * log-sum-exp. L-BFGS descends from a grid of starts, and Newton's method ends where it leads. The order of the points and the units of N and
 * D change nothing but A and B; the same points give the same bits in every engine.
 *
 * Source: Hoffmann et al. (2022), https://arxiv.org/abs/2203.15556, section 3.3; Besiroglu et al. (2024), https://arxiv.org/abs/2404.10102,
 * who sum and don't average.
 *
 * @param points - at least 6, with 3 different N and 3 different D
 * @throws RangeError when there are fewer, a number isn't finite and above 0, or an option is out of its range
 */
export function fitScalingLaw(
  points: readonly ScalingPoint[],
  { delta = 1e-3, bootstrap }: ScalingLawOptions = {},
): ScalingLawFit {
  checkPoints('fitScalingLaw', points);
  if (!(delta > 0 && delta < Infinity))
    throw new RangeError(`fitScalingLaw: delta must be a number above 0; got ${delta}`);
  const sum = LogResiduals.of(points, delta);
  const best = lowest(sum);
  const law = sum.lawOf(best.at);
  const count = points.length;
  const doubts = doubtsAbout(law, points);
  if (bootstrap === undefined) return { law, sum: best.value, count, doubts, resamples: [] };
  const resamples = bootstrapLaws(sum, best.at, bootstrap);
  const of = (read: (law: ScalingLaw) => number): Interval =>
    intervalOf(resamples.map(read), bootstrap.confidence);
  const intervals = {
    E: of(({ E }) => E),
    A: of(({ A }) => A),
    B: of(({ B }) => B),
    alpha: of(({ alpha }) => alpha),
    beta: of(({ beta }) => beta),
    exponentOfN: of(exponentOfN),
  };
  return { law, sum: best.value, count, doubts, resamples, intervals };
}

/** The lowest place that the grid of starts leads to, E at 0 among them. */
function lowest(sum: LogResiduals): Minimum {
  const ends = [...startsOf(sum)]
    .map((start) => descend(sum, start, STEPS))
    .sort((a, b) => a.value - b.value);
  const different = ends.filter(
    ({ value }, i) => i === 0 || value > ends[i - 1].value * (1 + 1e-9),
  );
  const ground = different.slice(0, GROUND).map(({ at }) => polish(sum, at));
  const best = lowestOf(ground);
  const at = Float64Array.from(best.at);
  at[2] = NO_FLOOR;
  const floorless = polish(sum, at, { fixed: [2] });
  return within(sum, floorless.value <= best.value * (1 + 1e-12) ? floorless : best);
}

/** A place whose A and B are finite: exponents that go on rising end at their limits. */
function within(sum: LogResiduals, best: Minimum): Minimum {
  const [p, q] = sum.limits;
  const at = Float64Array.from(best.at);
  at[3] = Math.max(-p, Math.min(p, at[3]));
  at[4] = Math.max(-q, Math.min(q, at[4]));
  const fixed = [2, 3, 4].filter((k) => at[k] !== best.at[k] || at[k] === NO_FLOOR);
  return at.every((value, k) => value === best.at[k]) ? best : polish(sum, at, { fixed });
}

const lowestOf = (minima: readonly Minimum[]): Minimum =>
  minima.reduce((best, minimum) => (minimum.value < best.value ? minimum : best));
