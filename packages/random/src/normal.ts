import { checkCount, checkGenerator } from './checks.js';
import type { Generator } from './generator.js';
import { log32, sincos32 } from './single-precision.js';
import { rand } from './uniform.js';

const BLOCK = 16;
const HALF = BLOCK / 2;
const TWO_PI = Math.fround(2 * Math.PI);

/** Mean and standard deviation of {@link normal}. */
export interface NormalOptions {
  /** The mean; default: 0. */
  readonly mean?: number;
  /** The standard deviation, 0 or more; default: 1. */
  readonly std?: number;
}

/**
 * `n` normally distributed values: `tensor.normal_(mean, std)` in float32. As in PyTorch, 16 values or more are
 * transformed in blocks of 16 in single precision (equal bit for bit), fewer are drawn in pairs of doubles, of
 * which the generator keeps an unused second one (equal to one unit in the last place).
 *
 * Source: Box and Muller (1958), "A Note on the Generation of Random Normal Deviates".
 *
 * @throws RangeError when n isn't a count, the mean isn't finite, or std is negative or not finite
 */
export function normal(
  generator: Generator,
  n: number,
  { mean = 0, std = 1 }: NormalOptions = {},
): Float32Array {
  checkGenerator('normal', generator);
  checkCount('normal', n);
  if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
    throw new RangeError(
      `normal: mean must be finite and std finite and not negative; got mean ${mean}, std ${std}`,
    );
  }
  const standard = n >= BLOCK ? inBlocks(generator, n) : inPairs(generator, n);
  const [scale, shift] = [Math.fround(std), Math.fround(mean)];
  return standard.map((z) => z * scale + shift); // one rounding, when it is stored
}

/** `n` values of mean 0 and standard deviation 1: `torch.randn(n)`. See {@link normal}. */
export function randn(generator: Generator, n: number): Float32Array {
  return normal(generator, n);
}

function inBlocks(generator: Generator, n: number): Float32Array {
  const values = rand(generator, n);
  for (let start = 0; start + BLOCK <= n; start += BLOCK) transformBlock(values, start);
  if (n % BLOCK !== 0) {
    values.set(rand(generator, BLOCK), n - BLOCK);
    transformBlock(values, n - BLOCK);
  }
  return values;
}

/** Box–Muller within one block: value j and value j + 8 make a pair. */
function transformBlock(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF; j++) {
    const radius = Math.fround(Math.sqrt(-2 * log32(1 - values[j])));
    const { sin, cos } = sincos32(Math.fround(TWO_PI * values[j + HALF]));
    values[j] = radius * cos;
    values[j + HALF] = radius * sin;
  }
}

function inPairs(generator: Generator, n: number): Float32Array {
  return Float32Array.from({ length: n }, () => {
    const cached = generator.cachedNormal;
    if (cached !== undefined) {
      generator.cachedNormal = undefined;
      return cached;
    }
    const angle = 2 * Math.PI * generator.nextDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-generator.nextDouble()));
    generator.cachedNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  });
}
