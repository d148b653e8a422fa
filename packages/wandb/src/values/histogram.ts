/** W&B's form of a histogram: one edge more than counts. */
export interface WandbHistogram {
  readonly _type: 'histogram';
  readonly values: readonly number[];
  readonly bins: readonly number[];
}

/** Counts of values in equal bins between the smallest and the largest, or in a range. */
export interface BinnedValues {
  readonly minimum: number;
  readonly maximum: number;
  readonly counts: readonly number[];
  /** Where the first bin begins and the last ends. Default: at the smallest and the largest value. */
  readonly range?: readonly [low: number, high: number];
}

/** `wandb.Histogram(np_histogram=…)` of values that are counted already. */
export function histogram({ minimum, maximum, counts, range }: BinnedValues): WandbHistogram {
  const [low, high] = range ?? boundsOf(minimum, maximum);
  const bins = Array.from({ length: counts.length + 1 }, (_, i) =>
    i === counts.length ? high : low + (i * (high - low)) / counts.length,
  );
  return { _type: 'histogram', values: counts, bins };
}

/** Equal values get bins around them, as wide as doubles of their size can tell apart. */
function boundsOf(minimum: number, maximum: number): [low: number, high: number] {
  if (minimum !== maximum) return [minimum, maximum];
  const half = Math.max(0.5, Math.abs(minimum) * 2 ** -40);
  return [minimum - half, maximum + half];
}
