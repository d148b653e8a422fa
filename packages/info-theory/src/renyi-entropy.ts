import { checkDistribution } from './check-distribution.js';
import { entropyOf } from './entropy-of.js';
import { inUnit } from './in-unit.js';
import type { UnitOptions } from './unit-options.js';

export interface RenyiOptions extends UnitOptions {
  /** 0 counts what is possible, 1 is Shannon's entropy, 2 asks how often two draws agree, Infinity how likely the likeliest is. */
  readonly order: number;
}

/**
 * Rényi's entropy `H_α(X) = ln(Σ p^α) / (1 - α)`, from 0 (certain) to `ln n` (uniform), and never larger for a larger
 * order. Its limits are taken at α = 0 (the logarithm of how many values are possible), 1 (Shannon's entropy) and
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
  const highest = Math.max(...Array.from(p));
  if (order === Infinity) return 0 - Math.log(highest);
  let excess = 0;
  if (Math.abs(order - 1) < 0.5) {
    // Σ p^α - 1 = Σ p (p^(α-1) - 1), whose summands stay small near α = 1, where a sum of powers would cancel with 1.
    for (let i = 0; i < p.length; i++) {
      if (p[i] > 0) excess += p[i] * Math.expm1((order - 1) * Math.log(p[i]));
    }
    return Math.log1p(excess) / (1 - order);
  }
  // Powers of p / highest, so that none overflows and the largest doesn't vanish.
  for (let i = 0; i < p.length; i++) if (p[i] > 0) excess += (p[i] / highest) ** order;
  return (Math.log(excess) + order * Math.log(highest)) / (1 - order);
}
