import type { Generator } from '@llm101/random';
import { decideLaw, sizesOf } from './checks.js';
import { CONFIDENCE } from './interval.js';
import { descend, type Minimum } from './lbfgs.js';
import type { LogResiduals } from './log-residuals.js';
import { checkConfidence } from './numbers.js';
import { polish } from './polish.js';
import type { ScalingLaw } from './scaling-law.js';
import { startsOf } from './starts.js';

/** How points are resampled. */
export interface BootstrapOptions {
  /** Draws the resamples. */
  readonly generator: Generator;
  /** From 20 to 100,000. Default: 1,000. */
  readonly resamples?: number;
  /** How often an interval should hold the truth, between 0 and 1. Default: 0.95. */
  readonly confidence?: number;
}

/** Draws of a resample until one decides a law. */
const TRIES = 1000;

/**
 * Up to so many points a resample's lowest place may be far from that of the points (in one of four resamples of 12 points, and in none of
 * 100 of 40 and more), and is looked for from every `EVERY`th start as well.
 */
const [FEW, EVERY, STEPS] = [60, 9, 60];

/**
 * Laws of resamples, which are drawn with replacement, as many points in each as there are; one that doesn't decide a law is drawn again.
 *
 * @param best - [5] where the sum of the points themselves is lowest
 */
export function bootstrapLaws(
  sum: LogResiduals,
  best: Float64Array,
  { generator, resamples = 1000, confidence = CONFIDENCE }: BootstrapOptions,
): ScalingLaw[] {
  if (!Number.isInteger(resamples) || resamples < 20 || resamples > 100_000)
    throw new RangeError(
      `fitScalingLaw: resamples must be a whole number from 20 to 100,000; got ${resamples}`,
    );
  checkConfidence('fitScalingLaw', confidence);
  const sizes = {
    n: sizesOf(sum.points.map(({ parameters }) => parameters)),
    d: sizesOf(sum.points.map(({ tokens }) => tokens)),
  };
  return Array.from({ length: resamples }, () => {
    const weights = drawn(generator, sum.points.length, (drawn) => decideLaw(sizes, drawn));
    const resample = sum.weighted(weights);
    const places = [polish(resample, best)];
    if (sum.points.length <= FEW) places.push(anew(resample));
    return resample.lawOf(
      places.reduce((lowest, place) => (place.value < lowest.value ? place : lowest)).at,
    );
  });
}

/** How often each of `n` points is drawn in `n` draws. */
function drawn(
  generator: Generator,
  n: number,
  isEnough: (weights: Float64Array) => boolean,
): Float64Array {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++) weights[generator.nextUint32() % n]++;
    if (isEnough(weights)) return weights;
  }
  throw new RangeError(
    `fitScalingLaw: resamples of ${n} points must decide a law; none of ${TRIES} did; give more points, or leave out the bootstrap`,
  );
}

/** The lowest place that some of the starts lead to. */
function anew(resample: LogResiduals): Minimum {
  let best: Minimum | undefined;
  for (const [i, start] of [...startsOf(resample)].entries()) {
    if (i % EVERY !== 0) continue;
    const end = descend(resample, start, STEPS);
    if (best === undefined || end.value < best.value) best = end;
  }
  if (best === undefined) throw new RangeError('bootstrap: there must be a start; got none');
  return polish(resample, best.at);
}
