import { checkCount, checkGenerator } from './checks.js';
import type { Generator } from './generator.js';

/** From this many numbers on PyTorch (2.13; older versions later) draws 64 bits for each. */
const WIDE = 2 ** 28;

/** Bounds of {@link randint}. */
export interface RandintOptions {
  /** The lower bound, included; default: 0. */
  readonly low?: number;
  /** The upper bound, excluded. */
  readonly high: number;
}

/**
 * `n` whole numbers, each from low to below high: `torch.randint(low, high, (n,))`, exactly.
 *
 * @returns `[n]`
 * @throws RangeError when n isn't a count, or unless low < high, both whole and from -2^31 to 2^31
 */
export function randint(
  generator: Generator,
  n: number,
  { low = 0, high }: RandintOptions,
): Int32Array {
  checkGenerator('randint', generator);
  checkCount('randint', n);
  const most = 2 ** 31;
  if (!Number.isInteger(low) || !Number.isInteger(high) || low < -most || high > most) {
    throw new RangeError(
      `randint: low and high must be whole numbers from -2^31 to 2^31; got ${low} and ${high}; use randintInt64 for larger ones`,
    );
  }
  checkOrder('randint', low, high);
  const range = high - low;
  const values = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const drawn =
      range < WIDE
        ? generator.nextUint32() % range
        : Number(generator.nextUint64() % BigInt(range));
    values[i] = low + drawn;
  }
  return values;
}

/** Bounds of {@link randintInt64}. */
export interface RandintInt64Options {
  /** The lower bound, included; default: 0. */
  readonly low?: bigint;
  /** The upper bound, excluded. */
  readonly high: bigint;
}

/**
 * {@link randint} with 64 bits: the same numbers where both can be drawn.
 *
 * @returns `[n]`
 * @throws RangeError when n isn't a count, or unless low < high, both from -2^63 to below 2^63
 */
export function randintInt64(
  generator: Generator,
  n: number,
  { low = 0n, high }: RandintInt64Options,
): BigInt64Array {
  checkGenerator('randintInt64', generator);
  checkCount('randintInt64', n);
  if (BigInt.asIntN(64, low) !== low || BigInt.asIntN(64, high) !== high) {
    throw new RangeError(
      `randintInt64: low and high must be from -2^63 to below 2^63; got ${low} and ${high}`,
    );
  }
  checkOrder('randintInt64', low, high);
  const range = high - low;
  const values = new BigInt64Array(n);
  for (let i = 0; i < n; i++) {
    const drawn = range < BigInt(WIDE) ? BigInt(generator.nextUint32()) : generator.nextUint64();
    values[i] = low + (drawn % range);
  }
  return values;
}

/** A whole number, 0 … 2^63 - 1: `torch.empty((), dtype=torch.int64).random_()`, exactly. */
export function randomInt64(generator: Generator): bigint {
  checkGenerator('randomInt64', generator);
  return BigInt.asUintN(63, generator.nextUint64());
}

function checkOrder(where: string, low: number | bigint, high: number | bigint): void {
  if (low < high) return;
  throw new RangeError(`${where}: low must be below high; got low ${low}, high ${high}`);
}
