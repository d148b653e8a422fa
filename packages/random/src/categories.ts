import { checkCount, checkGenerator } from './checks.js';
import type { Generator } from './generator.js';

/** Settings of {@link exponential}. */
export interface ExponentialOptions {
  /** λ, above 0; the mean is 1/λ. Default: 1. */
  readonly rate?: number;
}

/**
 * `n` exponentially distributed values: `torch.empty(n).exponential_(rate)` in float32, each from a double.
 *
 * @returns `[n]`
 * @throws RangeError when n isn't a count or the rate isn't a finite number above 0
 */
export function exponential(
  generator: Generator,
  n: number,
  { rate = 1 }: ExponentialOptions = {},
): Float32Array {
  checkGenerator('exponential', generator);
  checkCount('exponential', n);
  if (!(rate > 0 && rate < Infinity)) {
    throw new RangeError(`exponential: rate must be finite and above 0; got ${rate}`);
  }
  const scale = -1 / rate;
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = scale * Math.log1p(-generator.nextDouble());
  return values;
}

/** Settings of {@link multinomial}. */
export interface MultinomialOptions {
  /** How many are drawn; default: 1. */
  readonly count?: number;
  /** Whether an index may be drawn again; default: false. */
  readonly replacement?: boolean;
}

/**
 * Indices drawn in proportion to weights: `torch.multinomial(weights, count, replacement)` for one row, exactly; rows of a
 * matrix are drawn one after the other. One index, or several different ones, are those where weight / e is largest, with e
 * exponentially distributed (of equal ones the first comes first, where PyTorch's order isn't defined); with replacement each
 * is looked up in the sums of the weights.
 *
 * @param weights - not negative; they needn't add up to 1. Read in float32
 * @returns `[count]` indices
 * @throws RangeError when a weight is negative or not finite, all are 0, or fewer than count are above 0 where none is
 * drawn again
 */
export function multinomial(
  generator: Generator,
  weights: ArrayLike<number>,
  { count = 1, replacement = false }: MultinomialOptions = {},
): Int32Array {
  checkGenerator('multinomial', generator);
  checkCount('multinomial', count);
  const given = Float32Array.from(weights);
  const wrong = given.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) {
    throw new RangeError(
      `multinomial: weights must be finite and not negative; got ${weights[wrong]} at ${wrong}`,
    );
  }
  const possible = given.filter((weight) => weight > 0).length;
  const least = replacement ? 1 : Math.max(count, 1);
  if (possible < least) {
    throw new RangeError(
      `multinomial: at least ${least} of the weights must be above 0; got ${possible}${replacement ? '' : '; draw with replacement, or fewer'}`,
    );
  }
  return replacement && count !== 1
    ? fromSums(generator, given, count)
    : fromRace(generator, given, count);
}

/** The `count` indices whose weight over an exponential value is largest, in falling order. */
function fromRace(generator: Generator, weights: Float32Array, count: number): Int32Array {
  const noise = exponential(generator, weights.length);
  const scores = weights.map((weight, i) => weight / noise[i]);
  const order = Int32Array.from(scores.keys());
  return order.sort((a, b) => scores[b] - scores[a]).slice(0, count);
}

/** `count` look-ups in the cumulative weights, which are added up in float32 as in PyTorch. */
function fromSums(generator: Generator, weights: Float32Array, count: number): Int32Array {
  const sums = new Float32Array(weights.length);
  let total = 0;
  for (const [i, weight] of weights.entries()) {
    total = Math.fround(total + weight);
    sums[i] = total;
  }
  const cumulative = sums.map((sum) => sum / total);
  return Int32Array.from({ length: count }, () => firstFrom(cumulative, generator.nextDouble()));
}

/** The first index whose value isn't below u; values rise to 1. */
function firstFrom(values: Float32Array, u: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
