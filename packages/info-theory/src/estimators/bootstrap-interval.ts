import { checkSize, checkWholeCounts } from '../checks.js';
import type { RandomSource } from '../random-source.js';
import type { UnitOptions } from '../units.js';
import { plugInEntropy, type EntropyEstimator } from './entropy-estimators.js';

export interface BootstrapOptions extends UnitOptions {
  /** The source of the draws; a seeded one makes the interval reproducible. */
  readonly random: RandomSource;
  /** The number of samples drawn, from 2 on; default: 1,000. */
  readonly resamples?: number;
  /** How often such an interval should contain the truth, within (0, 1); default: 0.95. */
  readonly confidence?: number;
}

/** An estimate and its confidence interval. */
export interface Interval {
  /** The estimate of the whole sample. */
  readonly estimate: number;
  /** The lower end. */
  readonly lower: number;
  /** The upper end. */
  readonly upper: number;
}

/**
 * An interval for an estimated entropy. Samples of the same size are drawn from its frequencies, whose
 * entropy `h` is known; the estimator's errors on these, `e* - h`, stand in for its error on the sample: `[e - (q_high
 * - h), e - (q_low - h)]` for the quantiles `q` of `e*`. So the interval also corrects the estimator's bias. It doesn't
 * account for symbols that were never drawn: of 300 samples of 100, 400 and 2,000 draws from 27 symbols, an interval of
 * 90 % held the truth for 84 to 92 % (quantiles of `e*` alone: 17 to 87 %).
 *
 * Source: Davison and Hinkley (1997), "Bootstrap Methods and their Application", section 5.2: the basic interval, of
 * a functional whose value at the frequencies is `h`.
 *
 * @param counts - `[n]` how often each symbol was drawn
 * @param estimator - `millerMadowEntropy` or any other function of counts
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0, or an option is out of its range
 */
export function bootstrapInterval(
  counts: ArrayLike<number>,
  estimator: EntropyEstimator,
  options: BootstrapOptions,
): Interval {
  const total = checkWholeCounts('bootstrapInterval', counts);
  const { random, resamples = 1000, confidence = 0.95, ...unit } = options;
  checkSize('bootstrapInterval', resamples, 'resamples', 2);
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `bootstrapInterval: confidence must lie between 0 and 1; got ${confidence}`,
    );
  }
  const estimate = estimator(counts, unit);
  const owners = ownersOf(counts, total);
  const estimates = Float64Array.from({ length: resamples }, () =>
    estimator(resampled(owners, counts.length, random), unit),
  ).sort();
  const tail = (1 - confidence) / 2;
  const known = plugInEntropy(counts, unit);
  return {
    estimate,
    lower: estimate - (quantile(estimates, 1 - tail) - known),
    upper: estimate - (quantile(estimates, tail) - known),
  };
}

/**
 * `[total]` the symbol of each draw of the sample, in order: a uniform index into it is a draw from its frequencies.
 */
function ownersOf(counts: ArrayLike<number>, total: number): Uint32Array {
  const owners = new Uint32Array(total);
  let next = 0;
  for (let i = 0; i < counts.length; i++) {
    owners.fill(i, next, next + counts[i]);
    next += counts[i];
  }
  return owners;
}

function resampled(owners: Uint32Array, size: number, random: RandomSource): Uint32Array {
  const counts = new Uint32Array(size);
  for (let i = 0; i < owners.length; i++) {
    counts[owners[Math.floor(random.nextDouble() * owners.length)]]++;
  }
  return counts;
}

/** Interpolated linearly between the two nearest sorted values: NumPy's default. */
function quantile(sorted: Float64Array, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
