// The Gaussian error linear unit, x Φ(x), with Φ by erf or by its approximation with tanh; and their gradients.
import { constants } from './constants';
import { erf4, exp4, sigmoid4 } from './functions';
import { loadPart, storePart } from './lanes';

// @ts-ignore: decorator
@inline
function gelu4(x: v128, k: usize): v128 {
  const phi = f32x4.add(f32x4.splat(1), erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752)), k));
  return f32x4.mul(f32x4.mul(x, f32x4.splat(0.5)), phi);
}

/** `x (1 + erf(x / √2)) / 2`. */
export function gelu(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants();
  for (; to < wide; to += 16) {
    v128.store(to, gelu4(v128.load(x), k));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, gelu4(loadPart(x, lanes), k), lanes);
}

// @ts-ignore: decorator
@inline
function geluGradient4(x: v128, dy: v128, k: usize): v128 {
  const half = f32x4.splat(0.5);
  const phi = f32x4.add(half, f32x4.mul(half, erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752)), k)));
  // Beyond 14 the density is 0, and x² would overflow to make 0 · ∞ of it.
  const near = f32x4.pmax(f32x4.pmin(x, f32x4.splat(16)), f32x4.splat(-16));
  const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(near, near), f32x4.splat(-0.5)), k), f32x4.splat(0.3989422804014327));
  return f32x4.mul(dy, f32x4.add(phi, f32x4.mul(near, density)));
}

/** `dy (Φ(x) + x φ(x))`, φ the density of the standard normal distribution. `to` may be x or dy. */
export function geluGradient(x: usize, dy: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants();
  for (; to < wide; to += 16) {
    v128.store(to, geluGradient4(v128.load(x), v128.load(dy), k));
    x += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, geluGradient4(loadPart(x, lanes), loadPart(dy, lanes), k), lanes);
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

/** `x (1 + tanh(√(2 / π) (x + 0.044715 x³))) / 2`. */
export function geluByTanh(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants();
  for (; to < wide; to += 16) {
    v128.store(to, geluByTanh4(v128.load(x), k));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, geluByTanh4(loadPart(x, lanes), k), lanes);
}

// @ts-ignore: decorator
@inline
function geluByTanhGradient4(x: v128, dy: v128, k: usize): v128 {
  // Beyond 9 the slope is 0 or 1, and powers of x would overflow to make 0 · ∞ of it.
  const near = f32x4.pmax(f32x4.pmin(x, f32x4.splat(9)), f32x4.splat(-9)), one = f32x4.splat(1);
  const z = f32x4.mul(near, near);
  const argument = f32x4.mul(near, f32x4.add(f32x4.splat(LINEAR), f32x4.mul(f32x4.splat(CUBIC), z)));
  const e = exp4(f32x4.neg(argument), k), phi = f32x4.div(one, f32x4.add(one, e));
  const slope = f32x4.add(f32x4.splat(LINEAR), f32x4.mul(f32x4.splat(3 * CUBIC), z));
  const bend = f32x4.mul(f32x4.mul(f32x4.mul(phi, e), phi), slope); // 1 - phi is phi e, without cancellation
  return f32x4.mul(dy, f32x4.add(phi, f32x4.mul(near, bend)));
}

/** The gradient of the same. `to` may be x or dy. */
export function geluByTanhGradient(x: usize, dy: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15, k = constants();
  for (; to < wide; to += 16) {
    v128.store(to, geluByTanhGradient4(v128.load(x), v128.load(dy), k));
    x += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, geluByTanhGradient4(loadPart(x, lanes), loadPart(dy, lanes), k), lanes);
}
