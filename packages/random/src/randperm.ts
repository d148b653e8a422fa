import { checkCount } from './check-count.js';
import type { Generator } from './generator.js';

// From here on PyTorch draws 64 bits for each place.
const MOST = Math.floor((2 ** 32 - 1) / 20) - 1;

/**
 * A random order of 0 … n - 1: `torch.randperm(n)`, exactly.
 *
 * @returns `[n]` indices
 * @throws RangeError when n isn't a count or is above 214,748,363
 */
export function randperm(generator: Generator, n: number): Int32Array {
  checkCount('randperm', n, MOST);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.nextUint32() % (n - i));
    const picked = order[j];
    order[j] = order[i];
    order[i] = picked;
  }
  return order;
}
