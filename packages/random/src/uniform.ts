import { checkCount, checkGenerator } from './checks.js';
import type { Generator } from './generator.js';

/**
 * `n` values uniform in [0, 1): `torch.rand(n)` in float32, bit for bit. One draw of 32 bits per value, of
 * which the low 24 count.
 *
 * @throws RangeError when n isn't a count
 */
export function rand(generator: Generator, n: number): Float32Array {
  checkGenerator('rand', generator);
  checkCount('rand', n);
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = (generator.nextUint32() & 0xffffff) * 2 ** -24;
  return values;
}

/** Bounds of {@link uniform}. */
export interface UniformOptions {
  /** The lower bound, included. */
  readonly low: number;
  /** The upper bound, excluded. */
  readonly high: number;
}

/**
 * `n` values uniform in [low, high): `tensor.uniform_(low, high)` in float32, bit for bit. Both bounds are
 * rounded to float32 first; the product and the sum are rounded once, as a fused multiply-add does.
 *
 * @throws RangeError when n isn't a count, a bound isn't finite, or low > high
 */
export function uniform(
  generator: Generator,
  n: number,
  { low, high }: UniformOptions,
): Float32Array {
  checkGenerator('uniform', generator);
  checkCount('uniform', n);
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new RangeError(
      `uniform: bounds must be finite with low <= high; got low ${low}, high ${high}`,
    );
  }
  const from = Math.fround(low);
  const width = Math.fround(Math.fround(high) - from);
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    values[i] = (generator.nextUint32() & 0xffffff) * 2 ** -24 * width + from;
  }
  return values;
}
