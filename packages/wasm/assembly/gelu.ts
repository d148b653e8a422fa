// The Gaussian error linear unit, x Φ(x), with Φ by erf or by its approximation with tanh; and their gradients.
import { constants, GELU_BY_TANH_SLOPE, GELU_SLOPE, HALF } from './constants';
import { erf4, sigmoid4 } from './functions';
import { loadPart, storePart } from './lanes';

// @ts-ignore: decorator
@inline
function gelu4(x: v128, k: usize): v128 {
  const phi = f32x4.add(f32x4.splat(1), erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752)), k));
  return f32x4.mul(f32x4.mul(x, f32x4.splat(0.5)), phi);
}

/**
 * `1/2 + x P(x²) / Q(x²)`, minimax (1e-8) up to where the slope rounds to 1: one quotient for the distribution and its density
 * together, off by at most 3e-7, as each of them alone. `at` is where its constants begin.
 */
// @ts-ignore: decorator
@inline
function slope4(x: v128, at: usize, k: usize): v128 {
  const near = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(at)), v128.load32_splat(at, 4)); // a NaN stays
  const z = f32x4.mul(near, near);
  let p = v128.load32_splat(at, 8), q = v128.load32_splat(at, 36);
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 12));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 40));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 16));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 44));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 20));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 48));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 24));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 52));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 28));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 56));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(at, 32));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 60));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(at, 64));
  return f32x4.add(v128.load32_splat(k, HALF), f32x4.div(f32x4.mul(near, p), q));
}

// @ts-ignore: decorator
@inline
function times(offset: usize, x: usize, dy: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants(), at = k + offset;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.mul(v128.load(dy), slope4(v128.load(x), at, k)));
    x += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, f32x4.mul(loadPart(dy, lanes), slope4(loadPart(x, lanes), at, k)), lanes);
}

/** `dy (Φ(x) + x φ(x))`, φ the density of the standard normal distribution. `to` may be x or dy. */
export function geluGradient(x: usize, dy: usize, to: usize, n: i32): void {
  times(GELU_SLOPE, x, dy, to, n);
}

/** `2 √(2 / π)` and 0.044715 of it: the argument is `x (LINEAR + CUBIC x²)`. */
const LINEAR: f32 = 1.5957691216057308;
const CUBIC: f32 = 0.07135481627260025;

/** `(1 + tanh u) / 2` is the sigmoid of 2 u, which keeps its digits where tanh is near -1. */
// @ts-ignore: decorator
@inline
function geluByTanh4(x: v128, k: usize): v128 {
  const z = f32x4.mul(x, x);
  const argument = f32x4.mul(x, f32x4.add(f32x4.splat(LINEAR), f32x4.mul(f32x4.splat(CUBIC), z)));
  return f32x4.mul(x, sigmoid4(argument, k));
}

// @ts-ignore: decorator
@inline
function run(isByTanh: bool, x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants();
  for (; to < wide; to += 16) {
    v128.store(to, isByTanh ? geluByTanh4(v128.load(x), k) : gelu4(v128.load(x), k));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, isByTanh ? geluByTanh4(loadPart(x, lanes), k) : gelu4(loadPart(x, lanes), k), lanes);
}

/** `x (1 + erf(x / √2)) / 2`. */
export function gelu(x: usize, to: usize, n: i32): void {
  run(false, x, to, n);
}

/** `x (1 + tanh(√(2 / π) (x + 0.044715 x³))) / 2`. */
export function geluByTanh(x: usize, to: usize, n: i32): void {
  run(true, x, to, n);
}

/** The gradient of the same. `to` may be x or dy. */
export function geluByTanhGradient(x: usize, dy: usize, to: usize, n: i32): void {
  times(GELU_BY_TANH_SLOPE, x, dy, to, n);
}
