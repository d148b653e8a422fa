/** The ends of a confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often an interval should hold the truth where nothing else is said. */
export const CONFIDENCE = 0.95;

/**
 * The interval between two quantiles of values, which lie as far from the ends as each other; values between two are interpolated, as
 * NumPy does.
 */
export function intervalOf(values: readonly number[], confidence = CONFIDENCE): Interval {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below], sorted[above]];
  return low === high ? low : low + (place - below) * (high - low);
}
