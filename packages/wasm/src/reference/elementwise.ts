import type { BinaryName, ComparisonName, UnaryName } from '../kernels/kernel-functions.js';

/** What each binary kernel computes for one pair of values, in double precision. */
export const binaryReference: Readonly<Record<BinaryName, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  squaredDifference: (x, y) => (x - y) ** 2,
  /** x is what ReLU was given or gave, y the gradient of its result. */
  reluGradient: (x, y) => (Number.isNaN(x) ? x : x > 0 ? y : 0),
  /** The same of squared ReLU. */
  squaredReluGradient: (x, y) => 2 * y * Math.max(x, 0),
};

/** What each comparison answers for one pair of values. */
export const comparisonReference: Readonly<
  Record<ComparisonName, (x: number, y: number) => boolean>
> = {
  greater: (x, y) => x > y,
  greaterEqual: (x, y) => x >= y,
  equal: (x, y) => x === y,
};

/** What each unary kernel computes for one value; `castInt` reads int32. */
export const unaryReference: Readonly<Record<UnaryName, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  negate: (x) => -x,
  exp: (x) => Math.exp(x),
  log: (x) => Math.log(x),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
  gelu: (x) => gelu(x, 'none'),
  geluByTanh: (x) => gelu(x, 'tanh'),
  squareRoot: (x) => Math.sqrt(x),
  reciprocalSquareRoot: (x) => 1 / Math.sqrt(x),
  squares: (x) => x * x,
  squaredRelu: (x) => Math.max(x, 0) ** 2,
  bfloat16,
  castInt: (x) => x,
};

/** x with 8 significant bits: Dekker (1971), section 5. */
function bfloat16(x: number): number {
  const large = Math.fround(x * (2 ** 16 + 1));
  return large - Math.fround(large - x);
}

/** How Φ, the distribution function of the standard normal, is computed: by `erf`, or near it by `tanh`. */
export type GeluForm = 'none' | 'tanh';

const SCALE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** `x Φ(x)`: `torch.nn.functional.gelu(x, approximate=form)`. */
function gelu(x: number, form: GeluForm): number {
  return x * phi(x, form);
}

/** The derivative of {@link gelu}. */
export function geluDerivative(x: number, form: GeluForm): number {
  if (Math.abs(x) > 100) return x > 0 ? 1 : 0;
  const p = phi(x, form);
  if (form === 'none') return p + (x * Math.exp(-x * x * 0.5)) / Math.sqrt(2 * Math.PI);
  const slope = SCALE * (1 + 3 * CUBIC * x * x);
  return p + x * p * sigmoid(-argument(x)) * slope;
}

function phi(x: number, form: GeluForm): number {
  return form === 'none' ? 0.5 * (1 + erf(x / Math.SQRT2)) : sigmoid(argument(x));
}

/** `(1 + tanh u) / 2` is the sigmoid of 2 u. */
const argument = (x: number): number => SCALE * x * (1 + CUBIC * x * x);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The error function, `2 / √π ∫₀ˣ e^(-t²) dt`, to some 1e-15: its series below 3 in size, above a continued fraction of
 * `1 - erf`.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
 */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  return Math.sign(x) * (size < 3 ? series(size) : 1 - complement(size));
}

/** `2 / √π e^(-x²) Σ 2^n x^(2n+1) / (1 · 3 · … (2n+1))`, all terms above 0. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** `1 - erf x` for x from 3 on, from its end inwards. */
function complement(x: number): number {
  if (x > 27) return 0; // below 1e-300
  let tail = x;
  for (let n = 60; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/** What a mask of dropout depends on. */
export interface DropoutMask {
  /** The fraction that is dropped, from 0 to below 1. */
  readonly rate: number;
  /** uint32 */
  readonly seed: number;
  /** A different one at each call; int32. */
  readonly counter: number;
}

/** `x / (1 - rate)` in float32 where the mask keeps it, else 0; exactly what the kernel gives. */
export function seededDropoutReference(x: ArrayLike<number>, mask: DropoutMask): Float32Array {
  const scale = Math.fround(1 / (1 - mask.rate));
  const kept = keeper(mask);
  return Float32Array.from(x, (value, i) =>
    kept(i) ? Math.fround(Math.fround(value) * scale) : 0,
  );
}

/** Whether a mask keeps an index: its 24 random bits are at least `⌈rate 2^24⌉`. */
export function keeper({ rate, seed, counter }: DropoutMask): (i: number) => boolean {
  const key = mix(seed ^ mix(counter));
  const threshold = Math.ceil(rate * 2 ** 24);
  return (i) => mix((mix(i ^ key) + key) | 0) >>> 8 >= threshold;
}

/**
 * A bijection of 32-bit words after which each bit depends on all.
 *
 * Source: lowbias32, https://github.com/skeeto/hash-prospector
 */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
