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
}

/** Bins of a histogram; wandb.watch has as many. */
const BINS = 64;

/** Sums up values, in double precision; the largest value counts into the last bin, as in `numpy.histogram`. */
export function distributionOf(values: Float32Array): Distribution {
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
    counts: countInto(values, boundsOf(minimum, maximum)),
  };
}

/** The bounds of a distribution's bins, ascending: one more than there are bins. */
export function histogramEdges({ minimum, maximum, counts }: Distribution): number[] {
  const [low, high] = boundsOf(minimum, maximum);
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

/** Where the first bin begins and the last ends; equal values get bins around them. */
function boundsOf(minimum: number, maximum: number): [low: number, high: number] {
  return minimum === maximum ? [minimum - 0.5, maximum + 0.5] : [minimum, maximum];
}

function countInto(values: Float32Array, [low, high]: readonly [number, number]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  const binsPerUnit = BINS / (high - low);
  for (const value of values) {
    const bin = Math.floor((value - low) * binsPerUnit);
    if (Number.isFinite(value)) counts[Math.min(Math.max(bin, 0), BINS - 1)]++;
  }
  return counts;
}
