import { entropyOf } from '../entropy-of.js';
import { inUnit } from '../in-unit.js';
import type { UnitOptions } from '../unit-options.js';
import { checkWholeCounts } from './check-whole-counts.js';

/**
 * The entropy of the observed frequencies, shrunk towards the uniform distribution: `λ / n + (1 - λ) n_i / N`, with the
 * λ that makes the expected squared error smallest, itself estimated from the counts. Good where there are more symbols
 * than draws.
 *
 * Source: Hausser and Strimmer (2009), "Entropy Inference and the James–Stein Estimator, with Application to Nonlinear
 * Gene Association Networks", equations 4 to 6.
 *
 * @param counts - `[n]` how often each symbol was drawn, those that weren't included
 * @throws RangeError when a count isn't a whole number from 0 on, their sum is 0 or the unit is unknown
 */
export function jamesSteinEntropy(counts: ArrayLike<number>, options: UnitOptions = {}): number {
  const total = checkWholeCounts('jamesSteinEntropy', counts);
  const lambda = shrinkage(counts, total);
  const target = 1 / counts.length;
  const p = Float64Array.from(counts, (count) => lambda * target + (1 - lambda) * (count / total));
  return inUnit('jamesSteinEntropy', entropyOf(p), options);
}

/** λ = (1 - Σ p²) / ((N - 1) Σ (1/n - p)²), at most 1; 1 where one draw says nothing of the variance. */
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
