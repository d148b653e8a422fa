// Adam and AdamW, as PyTorch computes them: bias corrections in double, the rest in float32, in its order of operations.
import { loadPart, storePart } from './lanes';

/** `base^exponent` by repeated squaring, for whole exponents from 0 on. */
export function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= base;
    base *= base;
  }
  return result;
}

// @ts-ignore: decorator
@inline
function change4(first: v128, second: v128, stepSize: v128, correction: v128, epsilon: v128): v128 {
  const scale = f32x4.add(f32x4.div(f32x4.sqrt(second), correction), epsilon);
  return f32x4.div(f32x4.mul(first, stepSize), scale);
}

/**
 * With `g = gradient + weightDecay w` (Adam) or `w ← w (1 - rate weightDecay)` first (`decoupled`, AdamW):
 * `first' = first + (1 - beta1) (g - first)`, `second' = beta2 second + (1 - beta2) g²`,
 * `w' = w - rate / (1 - beta1^step) · first' / (√second' / √(1 - beta2^step) + epsilon)`.
 * `rate` and `step` are addresses of one value, and so is `scale`, which gradients are multiplied by first, or 0. What is written
 * may lie where the operands do.
 */
export function adamUpdate(
  w: usize, gradient: usize, first: usize, second: usize, rate: usize, step: usize, scale: usize,
  toW: usize, toFirst: usize, toSecond: usize,
  beta1: f64, beta2: f64, epsilon: f64, weightDecay: f64, decoupled: i32, n: i32,
): void {
  const t = <i32>load<f32>(step), eta = <f64>load<f32>(rate);
  const stepSize = f32x4.splat(<f32>(-eta / (1 - power(beta1, t))));
  const correction = f32x4.splat(<f32>sqrt<f64>(1 - power(beta2, t)));
  const tiny = f32x4.splat(<f32>epsilon), by = scale ? v128.load32_splat(scale) : f32x4.splat(1);
  const decay = f32x4.splat(decoupled ? 0 : <f32>weightDecay);
  const kept = f32x4.splat(decoupled ? <f32>(1 - eta * weightDecay) : 1);
  // PyTorch interpolates from the nearer end.
  const near = i32x4.splat(1 - beta1 < 0.5 ? -1 : 0);
  const share = f32x4.splat(<f32>(1 - beta1 < 0.5 ? 1 - beta1 : -beta1));
  const keep2 = f32x4.splat(<f32>beta2), share2 = f32x4.splat(<f32>(1 - beta2));
  const end = toW + (<usize>n << 2), wide = end - 15;
  for (; toW < wide; toW += 16) {
    const x = v128.load(w), g = f32x4.add(f32x4.mul(v128.load(gradient), by), f32x4.mul(x, decay));
    const old = v128.load(first);
    const m = f32x4.add(v128.bitselect(old, g, near), f32x4.mul(share, f32x4.sub(g, old)));
    const v = f32x4.add(f32x4.mul(v128.load(second), keep2), f32x4.mul(f32x4.mul(share2, g), g));
    v128.store(toFirst, m);
    v128.store(toSecond, v);
    v128.store(toW, f32x4.add(f32x4.mul(x, kept), change4(m, v, stepSize, correction, tiny)));
    w += 16;
    gradient += 16;
    first += 16;
    second += 16;
    toFirst += 16;
    toSecond += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const x = loadPart(w, lanes), g = f32x4.add(f32x4.mul(loadPart(gradient, lanes), by), f32x4.mul(x, decay));
    const old = loadPart(first, lanes);
    const m = f32x4.add(v128.bitselect(old, g, near), f32x4.mul(share, f32x4.sub(g, old)));
    const v = f32x4.add(f32x4.mul(loadPart(second, lanes), keep2), f32x4.mul(f32x4.mul(share2, g), g));
    storePart(toFirst, m, lanes);
    storePart(toSecond, v, lanes);
    storePart(toW, f32x4.add(f32x4.mul(x, kept), change4(m, v, stepSize, correction, tiny)), lanes);
  }
}
