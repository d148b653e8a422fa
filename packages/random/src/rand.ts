import { checkCount } from './check-count.js';
import type { Generator } from './generator.js';

/**
 * `n` values uniform in [0, 1): `torch.rand(n)` in float32, bit for bit. One draw of 32 bits a value, of
 * which the low 24 count.
 *
 * @throws RangeError when n isn't a count
 */
export function rand(generator: Generator, n: number): Float32Array {
  checkCount('rand', n);
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = (generator.nextUint32() & 0xffffff) * 2 ** -24;
  return values;
}
