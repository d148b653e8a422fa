import { angles } from './angles.js';
import { exponentials } from './exponentials.js';
import { wholeFunctions } from './whole.js';

/**
 * Functions that kernels may call, each with what it calls itself. Drivers' own are replaced where their digits differ or their
 * ends are wrong. The polynomials are those of the package's WebAssembly kernels, minimax in double precision.
 */
const functions = {
  ...exponentials,
  ...angles,
  ...wholeFunctions,
  /** x where that is from -1 to 1, else which of these is nearer. */
  within_one: {
    calls: [],
    code: 'fn within_one(x: f32) -> f32 { return select(x, sign(x), abs(x) > 1.0f); }',
  },
  /** NaN stays NaN; far out it is -1 or 1, where drivers' own gives NaN. */
  tanh_: {
    calls: ['within_one'],
    code: `fn tanh_(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let b = clamp(x, -9.1f, 9.1f);
  let z = b * b;
  let p = (((((3.6382959e-11f * z + 1.1059968e-7f) * z + 4.2173718e-5f) * z + 0.004422076f) * z + 0.1409630563f) * z + 1.0f);
  let q = (((((2.92976163e-9f * z + 2.594546184e-6f) * z + 5.00088561e-4f) * z + 0.0291875402f) * z + 0.4742963892f) * z + 1.0f);
  return within_one(b * p / q);
}`,
  },
  erf_: {
    calls: ['within_one'],
    code: `fn erf_(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let b = clamp(x, -3.95f, 3.95f);
  let z = b * b;
  let p = ((((((-5.0336373e-8f * z - 1.1078234e-6f) * z + 2.9415655e-4f) * z + 0.0028078333f) * z + 0.0503885451f) * z + 0.1638165838f) * z + 1.128379167f);
  let q = ((((((-7.2527375e-7f * z + 3.7480708e-5f) * z + 9.963835632e-4f) * z + 0.0131671627f) * z + 0.1041594604f) * z + 0.4785120349f) * z + 1.0f);
  return within_one(b * p / q);
}`,
  },
  /** The polynomial below 1 ulp of `exp4`: drivers' own are off by several. */
  exp_: {
    calls: [],
    code: `fn exp_(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let b = clamp(x, -104.0f, 89.0f);
  let n = round(b * 1.44269504f);
  var r = b - n * 0.693359375f;
  r = r + n * 2.1219444e-4f;
  var p = 0.0013863766f;
  p = p * r + 0.0083675f;
  p = p * r + 0.041667238f;
  p = p * r + 0.16666535f;
  p = p * r + 0.5f;
  p = r * r * p + r + 1.0f;
  let whole = i32(n);
  let half = whole >> 1u;
  let first = bitcast<f32>(u32(half + 127i) << 23u);
  let second = bitcast<f32>(u32(whole - half + 127i) << 23u);
  return p * first * second;
}`,
  },
  log_: {
    calls: [],
    code: `fn log_(x: f32) -> f32 {
  if (is_nan(x) || x < 0.0f) { return nan(); }
  if (x == 0.0f) { return -infinity(); }
  if (is_infinite(x)) { return x; }
  let tiny = x < 1.17549435e-38f;
  let scaled = select(x, x * 8388608.0f, tiny);
  let shifted = bitcast<i32>(scaled) - 0x3f3504f3i;
  let e = f32(shifted >> 23u) - select(0.0f, 23.0f, tiny);
  let m = bitcast<f32>((shifted & 0x007fffffi) + 0x3f3504f3i);
  let f = m - 1.0f;
  let s = f / (f + 2.0f);
  let z = s * s;
  let p = ((0.22222222f * z + 0.285714286f) * z + 0.4f) * z + 0.666666667f;
  let ln = f - s * (f - z * p);
  return e * 0.693359375f + (e * -2.1219444e-4f + ln);
}`,
  },
  /** x^y: of a negative x for a whole y alone, but for its ends. */
  power: {
    calls: ['exp_', 'log_'],
    code: `fn power(x: f32, y: f32) -> f32 {
  if (y == 0.0f || x == 1.0f || (x == -1.0f && is_infinite(y))) { return 1.0f; }
  let size = exp_(y * log_(abs(x)));
  if (is_nan(x)) { return x; }
  if (bitcast<u32>(x) >> 31u == 0u) { return size; }
  if (floor(y) != y) { return select(nan(), size, x == 0.0f || is_infinite(x)); }
  return select(size, -size, floor(y * 0.5f) != y * 0.5f);
}`,
  },
  sigmoid: {
    calls: ['exp_'],
    code: 'fn sigmoid(x: f32) -> f32 { return 1.0f / (1.0f + exp_(-x)); }',
  },
  gelu: {
    calls: ['erf_'],
    code: 'fn gelu(x: f32) -> f32 { return 0.5f * x * (1.0f + erf_(x * 0.70710678f)); }',
  },
  gelu_slope: {
    calls: ['erf_', 'exp_'],
    code: `fn gelu_slope(x: f32) -> f32 {
  if (abs(x) > 6.4f) { return select(0.0f, 1.0f, x > 0.0f); }
  return 0.5f * (1.0f + erf_(x * 0.70710678f)) + x * exp_(-0.5f * x * x) * 0.39894228f;
}`,
  },
  gelu_by_tanh: {
    calls: ['sigmoid'],
    code: 'fn gelu_by_tanh(x: f32) -> f32 { return x * sigmoid(x * (1.59576912f + 0.0713548163f * x * x)); }',
  },
  gelu_by_tanh_slope: {
    calls: ['sigmoid'],
    code: `fn gelu_by_tanh_slope(x: f32) -> f32 {
  if (abs(x) > 10.0f) { return select(0.0f, 1.0f, x > 0.0f); }
  let z = x * x;
  let u = x * (1.59576912f + 0.0713548163f * z);
  let p = sigmoid(u);
  return p + x * p * sigmoid(-u) * (1.59576912f + 0.214064449f * z);
}`,
  },
  /** lowbias32; https://github.com/skeeto/hash-prospector. */
  mix: {
    calls: [],
    code: `fn mix(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}`,
  },
  /** Whether dropout keeps a place, by the key of a seed and a counter; `threshold` is `⌈rate 2^24⌉`. */
  is_kept: {
    calls: ['mix'],
    code: `fn is_kept(place: u32, key: u32, threshold: u32) -> bool {
  return (mix(mix(place ^ key) + key) >> 8u) >= threshold;
}`,
  },
  /** `1 - base^n` for a whole n, by `ln base`: near 0 by a series, where the difference would lose digits. */
  one_minus_power: {
    calls: ['exp_'],
    code: `fn one_minus_power(ln_base: f32, n: f32) -> f32 {
  let x = ln_base * n;
  if (x < -0.5f) { return 1.0f - exp_(x); }
  var sum = 0.0f;
  var term = 1.0f;
  for (var i = 1; i < 12; i++) {
    term = term * x / f32(i);
    sum += term;
  }
  return -sum;
}`,
  },
} as const satisfies Readonly<
  Record<string, { readonly calls: readonly string[]; readonly code: string }>
>;

/** The name of one of {@link functions}. */
export type FunctionName = keyof typeof functions;

/**
 * What every kernel begins with. A compiler can't know that `zero` stays 0, as an entry sets it from the number of its group: so it can't take away what
 * NaN and infinities are made and known by, nor products by 0.
 */
export const PRELUDE = `var<private> zero: u32;
fn nan() -> f32 { return bitcast<f32>(0x7fc00000u + zero); }
fn infinity() -> f32 { return bitcast<f32>(0x7f800000u + zero); }
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn is_infinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }`;

/** Functions, after those that they call. */
export function withCalled(names: Iterable<FunctionName>): string[] {
  const found = new Set<FunctionName>();
  const add = (name: FunctionName): void => {
    for (const called of functions[name].calls) add(called);
    found.add(name);
  };
  for (const name of names) add(name);
  return [...found].map((name) => functions[name].code);
}
