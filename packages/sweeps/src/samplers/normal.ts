import type { Generator } from '@llm101/random';

/** A standard normal value, by two uniform ones (Box and Muller, 1958). */
export function standardNormal(generator: Generator): number {
  const radius = Math.sqrt(-2 * Math.log1p(-generator.nextDouble()));
  return radius * Math.cos(2 * Math.PI * generator.nextDouble());
}

/**
 * The share of a standard normal distribution below x, within 1.5e-7.
 *
 * Source: Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 7.1.26.
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-z * z)) / 2;
  return x < 0 ? tail : 1 - tail;
}
