import { checkCount } from './check-count.js';
import type { Generator } from './generator.js';

// Above this PyTorch draws 64 bits for each position.
const MOST = Math.floor((2 ** 32 - 1) / 20) - 1;

/**
 * A random order of 0 … n - 1: `torch.randperm(n)`, exactly.
 *
 * @returns `[n]` indices
 * @throws RangeError when n isn't a count or is above 214,748,363
 */
export function randperm(generator: Generator, n: number): Int32Array {
  checkCount('randperm', n, MOST);
  const order = countUp(n);
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.nextUint32() % (n - i));
    const picked = order[j];
    order[j] = order[i];
    order[i] = picked;
  }
  return order;
}

/**
 * A random order of 0 … n - 1: `numpy.random.RandomState(seed).permutation(n)`, exactly. Each position is drawn by
 * masking bits, and drawn again when the number is too large.
 *
 * @returns `[n]` indices
 * @throws RangeError when n isn't a count up to 2^31 - 1
 */
export function permutation(generator: Generator, n: number): Int32Array {
  checkCount('permutation', n, 2 ** 31 - 1);
  const order = countUp(n);
  for (let i = n - 1; i >= 1; i--) {
    const j = drawUpTo(generator, i);
    const picked = order[j];
    order[j] = order[i];
    order[i] = picked;
  }
  return order;
}

/** 0 … n - 1 */
function countUp(n: number): Int32Array {
  const values = new Int32Array(n);
  for (let i = 0; i < n; i++) values[i] = i;
  return values;
}

/** Uniform in 0 … limit, both included. */
function drawUpTo(generator: Generator, limit: number): number {
  const mask = 0xffffffff >>> Math.clz32(limit);
  for (;;) {
    const value = (generator.nextUint32() & mask) >>> 0;
    if (value <= limit) return value;
  }
}
