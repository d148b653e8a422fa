import {
  type BootstrapOptions,
  computeOptimal,
  type ComputeOptimum,
  fitPowerLaw,
  fitScalingLaw,
  frontier,
  type PowerLawFit,
  type ScalingLawFit,
  whatPointsLack,
} from '@llm101/sweeps';
import type { RunPoint } from './run-point.js';

/** A power law of loss over one of the runs' sizes. */
export interface LossLine {
  readonly x: 'parameters' | 'tokens' | 'flop';
  readonly fit: PowerLawFit;
}

/** Laws of some runs. */
export interface Laws {
  /** Nothing where the runs decide none. */
  readonly fit: ScalingLawFit | undefined;
  /** What the runs leave open, a sentence each. */
  readonly doubts: readonly string[];
  /** Of those sizes that differ. */
  readonly lines: readonly LossLine[];
  /** FLOP of a token for a model of N parameters, `a N^b`. */
  readonly flopPerToken: { readonly a: number; readonly b: number };
  /** The best sizes for budgets, rising. */
  readonly best: readonly ComputeOptimum[];
  /** The same for many. */
  readonly frontier: readonly ComputeOptimum[];
}

/** How {@link fitLaws} fits. */
interface FitLawsOptions {
  /** Whether the runs' FLOP were counted, so that they say what a token costs a model; else it is 6 N. */
  readonly isCounted: boolean;
  /** Default: five, from the least of the runs to ten times the most. */
  readonly budgets?: readonly number[] | undefined;
  readonly bootstrap?: BootstrapOptions | undefined;
}

/** Budgets where none are given, and points of the frontier. */
const [BUDGETS, POINTS] = [5, 60];

/** Fits what the runs decide. */
export function fitLaws(
  points: readonly RunPoint[],
  { isCounted, budgets, bootstrap }: FitLawsOptions,
): Laws {
  const lack = whatPointsLack(points);
  const fit = lack === undefined ? fitScalingLaw(points, { bootstrap }) : undefined;
  const doubts = [
    ...(lack === undefined ? [] : [`the runs decide no law of N and D: ${lack}`]),
    ...(fit?.doubts ?? []),
  ];
  const lines = (['parameters', 'tokens', 'flop'] as const).flatMap((x): LossLine[] => {
    const own = points.map((point) => ({ x: point[x], y: point.loss }));
    return differs(own) ? [{ x, fit: fitPowerLaw(own) }] : [];
  });
  const flopPerToken = flopOf(points, isCounted);
  const hasBest =
    fit !== undefined && [fit.law.A, fit.law.B, fit.law.alpha, fit.law.beta].every(isUsable);
  if (!hasBest) return { fit, doubts, lines, flopPerToken, best: [], frontier: [] };
  const [least, most] = [Math.min, Math.max].map((pick) =>
    points.reduce((found, { flop }) => pick(found, flop), points[0].flop),
  );
  const span = { from: least, to: 10 * most };
  const options = isCounted
    ? { flopPerToken: (n: number) => flopPerToken.a * n ** flopPerToken.b }
    : {};
  try {
    return {
      fit,
      doubts,
      lines,
      flopPerToken,
      best:
        budgets === undefined
          ? frontier(fit.law, { ...span, count: BUDGETS }, options)
          : budgets.map((flop) => computeOptimal(fit.law, flop, options)),
      frontier: frontier(fit.law, { ...span, count: POINTS }, options),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const why = `the law has no best size for these budgets: ${error.message}`;
    return { fit, doubts: [...doubts, why], lines, flopPerToken, best: [], frontier: [] };
  }
}

/** Whether the number of a law lets it have a best size that a double holds. */
const isUsable = (value: number): boolean => value > 1e-3 && value < 1e100;

/** Whether a line can be fitted: enough points, not all below each other. */
const differs = (points: readonly { readonly x: number }[]): boolean =>
  points.length >= 3 && points.some(({ x }) => x > points[0].x * 1.01 || x < points[0].x / 1.01);

/** What a token costs a model of N parameters, as a power law of the runs that say it. */
function flopOf(points: readonly RunPoint[], isCounted: boolean): Laws['flopPerToken'] {
  if (!isCounted) return { a: 6, b: 1 };
  const costs = points
    .map(({ parameters, tokens, flop }) => ({ x: parameters, y: flop / tokens }))
    .filter(({ y }) => y > 0);
  if (!differs(costs)) return { a: 6, b: 1 };
  const { law } = fitPowerLaw(costs);
  return law.b > 0 ? law : { a: 6, b: 1 };
}
