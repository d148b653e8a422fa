import { checkWhole } from '../checks.js';

/** Count, range, moments and histogram of values: what is kept of a parameter or its gradient. */
export interface Distribution {
  /** Finite values; all other fields but {@link nonFinite} speak of these. */
  readonly count: number;
  /** NaN and infinities. */
  readonly nonFinite: number;
  /** 0 when there is no finite value, as are the fields below. */
  readonly minimum: number;
  /** Of the finite values. */
  readonly maximum: number;
  /** Of the finite values. */
  readonly mean: number;
  /** Of the values as they are (divided by `count`), not an estimate for more of them. */
  readonly standardDeviation: number;
  /** Euclidean: the root of the sum of squares. */
  readonly norm: number;
  /** Values in each of the equal bins that {@link histogramEdges} bounds. */
  readonly counts: readonly number[];
  /** Where the first bin begins and the last ends, where that was asked for; otherwise from the smallest to the largest value. */
  readonly range?: readonly [low: number, high: number];
}

/** How a histogram is cut into bins. */
export interface HistogramOptions {
  /** Default: 64, as many as `wandb.watch` has. */
  readonly bins?: number;
  /** Where the first bin begins and the last ends; values outside are in none. Default: from the smallest to the largest value. */
  readonly range?: readonly [low: number, high: number];
}

/**
 * Sums up values, in double precision; the largest value counts into the last bin, as in `numpy.histogram`.
 *
 * @throws RangeError when `bins` isn't a whole number of at least 1, or the range doesn't ascend
 */
export function distributionOf(
  values: Float32Array,
  { bins = 64, range }: HistogramOptions = {},
): Distribution {
  checkHistogram('distributionOf', { bins, ...(range && { range }) });
  let [count, minimum, maximum, sum, squares] = [0, Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
    squares += value * value;
  }
  if (count === 0) [minimum, maximum] = [0, 0];
  const mean = count === 0 ? 0 : sum / count;
  const variance = count === 0 ? 0 : squares / count - mean * mean;
  return {
    count,
    nonFinite: values.length - count,
    minimum,
    maximum,
    mean,
    standardDeviation: Math.sqrt(Math.max(variance, 0)), // rounding may leave less than nothing
    norm: Math.sqrt(squares),
    counts: countInto(values, range ?? boundsOf(minimum, maximum), bins),
    ...(range && { range }),
  };
}

/** @throws RangeError when `bins` isn't a whole number of at least 1, or the range doesn't ascend */
export function checkHistogram(
  where: string,
  { bins = 1, range = [0, 1] }: HistogramOptions,
): void {
  checkWhole(`${where}: bins`, bins, 1);
  const [low, high] = range;
  if (!Number.isFinite(high - low) || low >= high) {
    throw new RangeError(
      `${where}: range must ascend between finite numbers; got [${low}, ${high}]`,
    );
  }
}

/**
 * The standard deviation that values are expected to have of which these are a sample: divided by `count - 1`, as `torch.std` has
 * it. NaN for fewer than two values.
 */
export function sampleDeviation({ count, standardDeviation }: Distribution): number {
  return count < 2 ? NaN : standardDeviation * Math.sqrt(count / (count - 1));
}

/** The bounds of a distribution's bins, ascending: one more than there are bins. */
export function histogramEdges({ minimum, maximum, counts, range }: Distribution): number[] {
  const [low, high] = range ?? boundsOf(minimum, maximum);
  const bins = counts.length;
  return Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? high : low + (i * (high - low)) / bins,
  );
}

/** The norm of parameters or gradients that are taken as one long vector. */
export function jointNorm(distributions: Iterable<Distribution>): number {
  let squares = 0;
  for (const { norm } of distributions) squares += norm * norm;
  return Math.sqrt(squares);
}

/** Where the first bin begins and the last ends; equal values get bins around them, as wide as doubles of their size can tell apart. */
function boundsOf(minimum: number, maximum: number): [low: number, high: number] {
  if (minimum !== maximum) return [minimum, maximum];
  const half = Math.max(0.5, Math.abs(minimum) * 2 ** -40);
  return [minimum - half, maximum + half];
}

function countInto(
  values: Float32Array,
  [low, high]: readonly [number, number],
  bins: number,
): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  const binsPerUnit = bins / (high - low);
  for (const value of values) {
    if (!(value >= low && value <= high)) continue; // NaN included
    counts[Math.min(Math.floor((value - low) * binsPerUnit), bins - 1)]++;
  }
  return counts;
}
