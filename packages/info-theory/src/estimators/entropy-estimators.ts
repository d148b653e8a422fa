import { checkWholeCounts } from '../checks.js';
import { entropyOf } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';

/** Estimates the entropy of a distribution from counts of drawn symbols. */
export type EntropyEstimator = (counts: ArrayLike<number>, options?: UnitOptions) => number;

/**
 * The entropy of the observed frequencies `n_i / N`, the maximum-likelihood estimate. On average too small, by about
 * `(m - 1) / 2N` nats for `m` symbols: what a sample lacks seems impossible.
 *
 * Source: Basharin (1959), "On a Statistical Estimate for the Entropy of a Sequence of Independent Random Variables",
 * which gives that bias.
 *
 * @param counts - `[n]` how often each symbol was drawn
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function plugInEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  return inUnit(
    'plugInEntropy',
    plugInNats(counts, checkWholeCounts('plugInEntropy', counts)),
    options,
  );
}

/** The same in nats, of checked counts and their sum. */
function plugInNats(counts: ArrayLike<number>, total: number): number {
  return entropyOf(Float64Array.from(counts, (count) => count / total));
}

/**
 * The plug-in estimate plus the first term of its bias: `H + (m - 1) / 2N`, where `m` symbols of the sample
 * of `N` occur at least once.
 *
 * Source: Miller (1955), "Note on the Bias of Information Estimates".
 *
 * @param counts - `[n]` how often each symbol was drawn
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function millerMadowEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('millerMadowEntropy', counts);
  let seen = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) seen++;
  const nats = plugInNats(counts, total) + (seen - 1) / (2 * total);
  return inUnit('millerMadowEntropy', nats, options);
}

export interface LaplaceOptions extends UnitOptions {
  /** Added to each count, positive and finite; default: 1 (Laplace). 1/2 is Jeffreys' prior. */
  readonly pseudocount?: number;
}

/**
 * The entropy of the frequencies `(n_i + a) / (N + a n)`, as if each symbol had been seen `a` times before: the mean of
 * the posterior under a symmetric Dirichlet prior, inserted in the formula. Too large where most symbols never occur.
 *
 * Source: Laplace's rule of succession (1774); Hausser and Strimmer (2009), "Entropy Inference and the James–Stein
 * Estimator", section 2.3, which compares such priors.
 *
 * @param counts - `[n]` how often each symbol was drawn, including symbols that weren't
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0, the pseudocount isn't positive and
 *   finite or the unit is unknown
 */
export function laplaceEntropy(counts: ArrayLike<number>, options: LaplaceOptions = {}): number {
  const total = checkWholeCounts('laplaceEntropy', counts);
  const { pseudocount = 1 } = options;
  if (!(pseudocount > 0 && pseudocount < Infinity)) {
    throw new RangeError(
      `laplaceEntropy: pseudocount must be positive and finite; got ${pseudocount}`,
    );
  }
  const whole = total + pseudocount * counts.length;
  const p = Float64Array.from(counts, (count) => (count + pseudocount) / whole);
  return inUnit('laplaceEntropy', entropyOf(p), options);
}

/**
 * The entropy of the observed frequencies, shrunk towards the uniform distribution: `λ / n + (1 - λ) n_i / N`, with the
 * λ that makes the expected squared error smallest, itself estimated from the counts. Good where there are more symbols
 * than draws.
 *
 * Source: Hausser and Strimmer (2009), "Entropy Inference and the James–Stein Estimator, with Application to Nonlinear
 * Gene Association Networks", equations 4 to 6.
 *
 * @param counts - `[n]` how often each symbol was drawn, including symbols that weren't
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function jamesSteinEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('jamesSteinEntropy', counts);
  const lambda = shrinkage(counts, total);
  const target = 1 / counts.length;
  const p = Float64Array.from(counts, (count) => lambda * target + (1 - lambda) * (count / total));
  return inUnit('jamesSteinEntropy', entropyOf(p), options);
}

/** λ = (1 - Σ p²) / ((N - 1) Σ (1/n - p)²), at most 1; 1 for a single draw, which doesn't determine the variance. */
function shrinkage(counts: ArrayLike<number>, total: number): number {
  let squares = 0;
  let distance = 0;
  for (let i = 0; i < counts.length; i++) {
    const p = counts[i] / total;
    squares += p * p;
    distance += (1 / counts.length - p) ** 2;
  }
  const denominator = (total - 1) * distance;
  if (denominator === 0) return 1;
  return Math.min(Math.max((1 - squares) / denominator, 0), 1);
}

/**
 * `ln N - Σ n_i G(n_i) / N`, where `G(n) = ψ(n) + (-1)^n (ψ((n + 1) / 2) - ψ(n / 2)) / 2` replaces `ln n`: the least
 * biased of these estimators for small counts. It can exceed `ln n`.
 *
 * Source: Grassberger (2003), "Entropy Estimates from Insufficient Samplings", equations 28 to 35.
 *
 * @param counts - `[n]` how often each symbol was drawn; symbols that don't occur change nothing
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function grassbergerEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('grassbergerEntropy', counts);
  let weighted = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0) weighted += (counts[i] / total) * grassbergerG(counts[i]);
  }
  return inUnit('grassbergerEntropy', Math.log(total) - weighted, options);
}

/** `G(1) = -γ - ln 2`; from there `G(2n) = G(2n + 1) = ψ(n + 1/2) + ln 2`, which avoids the difference of ψs. */
function grassbergerG(n: number): number {
  return n === 1 ? digamma(1) - Math.LN2 : digamma(Math.floor(n / 2) + 0.5) + Math.LN2;
}

/** B_2k / 2k for k = 1 … 7: the coefficients of the series at infinity. */
const COEFFICIENTS = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];

/**
 * `ψ(x)`, the derivative of `ln Γ(x)`, for positive x: by `ψ(x) = ψ(x + 1) - 1/x` up to 10, then by the series
 * `ln x - 1/2x - Σ B_2k / (2k x^2k)`, whose next term is below 1e-16 there.
 *
 * Source: Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 6.3.5 and 6.3.18.
 */
function digamma(x: number): number {
  let shifted = x;
  let below = 0;
  for (; shifted < 10; shifted++) below += 1 / shifted;
  const inverseSquare = 1 / (shifted * shifted);
  let series = 0;
  for (let k = COEFFICIENTS.length - 1; k >= 0; k--) {
    series = (series + COEFFICIENTS[k]) * inverseSquare;
  }
  return Math.log(shifted) - 1 / (2 * shifted) - series - below;
}
