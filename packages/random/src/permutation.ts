import { checkCount, checkGenerator } from './checks.js';
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
  checkGenerator('randperm', generator);
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
  checkGenerator('permutation', generator);
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

const ROUNDS = 6;

/**
 * A random order of 0 … n - 1 that takes no memory, however many there are: each number is computed from its place, by a Feistel network
 * over the next power of four, walked until it gives a number below n. PyTorch has no such order.
 *
 * Source: Luby, Rackoff (1988), "How to Construct Pseudorandom Permutations from Pseudorandom Functions"; Black, Rogaway (2002), "Ciphers
 * with Arbitrary Finite Domains"
 *
 * @param generator - draws six keys
 * @returns the number at a place, 0 … n - 1
 * @throws RangeError when n isn't a count up to 2^52
 */
export function computedOrder(generator: Generator, n: number): (place: number) => number {
  checkGenerator('computedOrder', generator);
  checkCount('computedOrder', n, 2 ** 52);
  let bits = 1; // of a half
  while (4 ** bits < n) bits++;
  const size = 2 ** bits;
  const keys = Int32Array.from({ length: ROUNDS }, () => generator.nextUint32());
  return (place) => {
    let number = place;
    do {
      let [left, right] = [Math.floor(number / size), number % size];
      for (let round = 0; round < ROUNDS; round++) {
        const next = left ^ (mixed(right ^ keys[round]) >>> (32 - bits));
        left = right;
        right = next;
      }
      number = left * size + right;
    } while (number >= n);
    return number;
  };
}

/** A hash of 32 bits that changes half of them with any one. Source: https://github.com/skeeto/hash-prospector */
function mixed(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  const b = Math.imul(a ^ (a >>> 15), 0x735a2d97);
  return b ^ (b >>> 15);
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
