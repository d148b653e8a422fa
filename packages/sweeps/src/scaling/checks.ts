import { checkPositive } from './numbers.js';
import type { ScalingPoint } from './scaling-law.js';

/** Points that a law of five numbers needs, and different N and D among them. */
const [LEAST_POINTS, LEAST_DIFFERENT] = [6, 3];

/** Points that are fitted at most. */
const MOST_POINTS = 100_000;

/** Sizes that are this close are one, read off a figure twice. */
const SAME = 1.01;

const keys = ['parameters', 'tokens', 'loss'] as const;
const letters = { parameters: 'N', tokens: 'D', loss: 'L' } as const;

/** @throws RangeError unless a law can be fitted to the points */
export function checkPoints(where: string, points: readonly ScalingPoint[]): void {
  checkCount(where, points.length, LEAST_POINTS);
  for (const [i, point] of points.entries()) {
    for (const key of keys)
      checkPositive(`${where}: ${letters[key]}`, point[key], `the ${key} of point ${i}`);
  }
  const lack = whatPointsLack(points);
  if (lack !== undefined)
    throw new RangeError(`${where}: ${lack}; fit a power law of what differs by fitPowerLaw`);
}

/** Why numbers that are right, each by itself, decide no law of N and D; nothing where they do. */
export function whatPointsLack(points: readonly ScalingPoint[]): string | undefined {
  if (points.length < LEAST_POINTS)
    return `there must be ${LEAST_POINTS} points or more; got ${points.length}`;
  for (const key of ['parameters', 'tokens'] as const) {
    const { count } = sizesOf(points.map((point) => point[key]));
    if (count >= LEAST_DIFFERENT) continue;
    const left = key === 'parameters' ? 'A and alpha' : 'B and beta';
    return `points must have at least ${LEAST_DIFFERENT} different ${letters[key]} (${key}), as fewer don't decide ${left}; got ${count}`;
  }
  return undefined;
}

/** @throws RangeError when there are too few points or too many */
export function checkCount(where: string, count: number, least: number): void {
  if (count >= least && count <= MOST_POINTS) return;
  throw new RangeError(
    `${where}: there must be ${least} to ${MOST_POINTS.toLocaleString('en-US')} points; got ${count}`,
  );
}

/** Whether resampled points, each counted as its weight says, still decide a law. */
export function decideLaw(
  sizes: Readonly<Record<'n' | 'd', Sizes>>,
  weights: Float64Array,
): boolean {
  return [sizes.n, sizes.d].every(({ ids }) => {
    const seen = new Set<number>();
    for (const [i, weight] of weights.entries()) if (weight > 0) seen.add(ids[i]);
    return seen.size >= LEAST_DIFFERENT;
  });
}

/** Which points have the same size. */
export interface Sizes {
  /** [n] the place of a point's size among the different ones, which ascend. */
  readonly ids: Int32Array;
  /** How many different sizes there are. */
  readonly count: number;
}

/** The different ones among sizes. */
export function sizesOf(values: readonly number[]): Sizes {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const ids = new Int32Array(values.length);
  let count = 0;
  let first = 0;
  for (const i of order) {
    if (!(values[i] <= first * SAME)) {
      first = values[i];
      count++;
    }
    ids[i] = count - 1;
  }
  return { ids, count };
}
