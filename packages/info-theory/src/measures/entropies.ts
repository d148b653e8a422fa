import { checkDistribution, checkPair, isProbability } from '../checks.js';
import { entropyOf, largest } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';

/**
 * The information in an event of probability `p`: `-ln p`; Infinity where p = 0.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", whose entropy is its mean.
 *
 * @throws RangeError when `p` isn't in [0, 1] or the unit is unknown
 */
export function surprisal(p: number, options: UnitOptions = {}): number {
  if (!isProbability(p)) {
    throw new RangeError(`surprisal: a probability must lie in [0, 1]; got ${p}`);
  }
  return inUnit('surprisal', 0 - Math.log(p), options); // 0 - …: a certain event has 0, not -0
}

/**
 * The mean information of an outcome: `H(X) = -Σ p(x) ln p(x)`, from 0 (certain) to `ln n` (uniform).
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 6.
 *
 * @param p - `[n]` probabilities
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1) or the unit is unknown
 */
export function entropy(p: ArrayLike<number>, options: UnitOptions = {}): number {
  checkDistribution('entropy', p);
  return inUnit('entropy', entropyOf(p), options);
}

/**
 * The mean surprisal of outcomes of `p` for someone who expects `q`: `H(p, q) = -Σ p ln q = H(p) + D(p‖q)`.
 * Infinity if something happens that `q` rules out (q = 0 < p). A language model's loss is its estimate.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", theorem 5.4.3: the length of a code made for the
 * wrong distribution.
 *
 * @param p - `[n]` probabilities of what happens
 * @param q - `[n]` probabilities that are predicted
 * @throws RangeError when `p` or `q` isn't a distribution (sum within 1e-6 of 1), their lengths differ or the
 *   unit is unknown
 */
export function crossEntropy(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: UnitOptions = {},
): number {
  checkPair('crossEntropy', p, q);
  let nats = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) nats -= p[i] * Math.log(q[i]);
  }
  return inUnit('crossEntropy', nats, options);
}

/**
 * `exp` of a cross-entropy in nats: the number of equally likely choices that would be as uncertain.
 *
 * Source: Jelinek, Mercer, Bahl and Baker (1977), "Perplexity — a measure of the difficulty of speech
 * recognition tasks".
 *
 * @param lossNats - mean loss per symbol, in nats (`natsFromBits` converts); Infinity gives Infinity
 * @throws RangeError when the loss is negative or NaN
 */
export function perplexity(lossNats: number): number {
  if (!(lossNats >= 0)) {
    throw new RangeError(`perplexity: a loss in nats must be at least 0; got ${lossNats}`);
  }
  return Math.exp(lossNats);
}

/**
 * The fraction of a source's symbols that a better code would save: `1 - H(X) / ln n`, from 0 (all `n` symbols equally
 * likely) to 1 (certain). Shannon put that of English at one half.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 7.
 *
 * @param p - `[n]` probabilities, including those of symbols that don't occur
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1) or has a single symbol
 */
export function redundancy(p: ArrayLike<number>): number {
  checkDistribution('redundancy', p);
  if (p.length === 1) {
    throw new RangeError(
      'redundancy: there must be two symbols or more, as one alone carries nothing; got 1',
    );
  }
  return Math.min(Math.max(1 - entropyOf(p) / Math.log(p.length), 0), 1);
}

export interface RenyiOptions extends UnitOptions {
  /**
   * 0 counts the possible values, 1 is Shannon's entropy, 2 measures how often two draws agree, Infinity how likely the
   * likeliest value is.
   */
  readonly order: number;
}

/**
 * Rényi's entropy `H_α(X) = ln(Σ p^α) / (1 - α)`, from 0 (certain) to `ln n` (uniform), and non-increasing in the
 * order. Its limits are taken at α = 0 (the logarithm of the number of possible values), 1 (Shannon's entropy) and
 * Infinity (the surprisal of the likeliest value, min-entropy).
 *
 * Source: Rényi (1961), "On Measures of Entropy and Information".
 *
 * @param p - `[n]` probabilities
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1), the order is negative or NaN, or the unit is
 *   unknown
 */
export function renyiEntropy(p: ArrayLike<number>, options: RenyiOptions): number {
  checkDistribution('renyiEntropy', p);
  const { order } = options;
  if (!(order >= 0)) throw new RangeError(`renyiEntropy: order must be at least 0; got ${order}`);
  return inUnit('renyiEntropy', Math.max(renyiNats(p, order), 0), options);
}

function renyiNats(p: ArrayLike<number>, order: number): number {
  if (order === 1) return entropyOf(p);
  const highest = largest(p);
  if (order === Infinity) return 0 - Math.log(highest);
  let excess = 0;
  if (Math.abs(order - 1) < 0.5) {
    // Σ p^α - 1 = Σ p (p^(α-1) - 1), whose terms stay small near α = 1, where a sum of powers would cancel with 1.
    for (let i = 0; i < p.length; i++) {
      if (p[i] > 0) excess += p[i] * Math.expm1((order - 1) * Math.log(p[i]));
    }
    return Math.log1p(excess) / (1 - order);
  }
  // Powers of p / highest, so that none overflows and the largest doesn't vanish.
  for (let i = 0; i < p.length; i++) if (p[i] > 0) excess += (p[i] / highest) ** order;
  return (Math.log(excess) + order * Math.log(highest)) / (1 - order);
}
