import { checkPair } from '../checks.js';
import { divergenceTerm } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';

/**
 * The cost of expecting `q` where `p` is true: `D(p‖q) = Σ p ln(p/q)`, at least 0, and 0 where they are equal.
 * Infinity where q = 0 < p. Not symmetric.
 *
 * Sums that are off by up to 1e-6 are compensated for (see `divergenceTerm`), so that small divergences between float32
 * distributions are accurate; `crossEntropy(p, q) - entropy(p)` differs by as much as the two sums do.
 *
 * Source: Kullback and Leibler (1951), "On Information and Sufficiency".
 *
 * @param p - `[n]` probabilities of what happens
 * @param q - `[n]` probabilities that are predicted
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function klDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('klDivergence', p, q);
  let nats = 0;
  for (let i = 0; i < p.length; i++) nats += divergenceTerm(p[i], q[i]);
  // A term of two neighbouring numbers can round to -1e-32, and the square root of the result would be NaN.
  return inUnit('klDivergence', Math.max(nats, 0), options);
}

/**
 * How much two distributions diverge from their mean `m = (p + q) / 2`: `(D(p‖m) + D(q‖m)) / 2`, from 0 (equal) to
 * `ln 2` (nothing in common). Finite, and the same to the last bit when `p` and `q` are swapped.
 *
 * Source: Lin (1991), "Divergence Measures Based on the Shannon Entropy".
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function jensenShannonDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('jensenShannonDivergence', p, q);
  return inUnit('jensenShannonDivergence', jensenShannonOf(p, q), options);
}

/**
 * The square root of the Jensen–Shannon divergence: a metric, so the detour by a third distribution is never shorter.
 * From 0 to 1 when the divergence is in bits, to `sqrt(ln 2)` when it is in nats.
 *
 * Source: Endres and Schindelin (2003), "A New Metric for Probability Distributions".
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @param options - the unit of the divergence under the root
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function jensenShannonDistance(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('jensenShannonDistance', p, q);
  return Math.sqrt(inUnit('jensenShannonDistance', jensenShannonOf(p, q), options));
}

/** The Jensen–Shannon divergence in nats, 0 … ln 2, of two distributions already checked. */
function jensenShannonOf(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let quadruple = 0;
  for (let i = 0; i < p.length; i++) {
    const twiceMean = p[i] + q[i]; // doubled, since half of the smallest subnormal is 0
    // The two terms are added first: that commutes, so swapping p and q changes no bit of the sum.
    const ofBoth = divergenceTerm(2 * p[i], twiceMean) + divergenceTerm(2 * q[i], twiceMean);
    quadruple += ofBoth;
  }
  // Rounding, and sums up to 1e-6 above 1, can exceed either bound.
  return Math.min(Math.max(quadruple / 4, 0), Math.LN2);
}

/**
 * The largest difference between the probabilities that `p` and `q` give to the same event: `Σ |p - q| / 2`, from 0
 * (equal) to 1 (nothing in common). A metric; by Pinsker's inequality `D(p‖q)` is at least twice its square, in nats.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", section 11.6.
 *
 * @param p - `[n]` probabilities
 * @param q - `[n]` probabilities
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1) or their lengths differ
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkPair('totalVariation', p, q);
  let distance = 0;
  for (let i = 0; i < p.length; i++) distance += Math.abs(p[i] - q[i]);
  return Math.min(distance / 2, 1);
}
