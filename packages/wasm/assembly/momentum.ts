// Gradient descent with momentum, as PyTorch's SGD computes it.
import { loadPart, storePart } from './lanes';

// @ts-ignore: decorator
@inline
function velocity4(velocity: v128, g: v128, momentum: v128, undamped: v128): v128 {
  return f32x4.add(f32x4.mul(velocity, momentum), f32x4.mul(g, undamped));
}

// @ts-ignore: decorator
@inline
function decayed4(g: v128, w: v128, weightDecay: v128): v128 {
  return f32x4.add(g, f32x4.mul(w, weightDecay));
}

/**
 * With `g = gradient + weightDecay w`: `velocity' = momentum velocity + (1 - dampening) g`, which at step 1 and without
 * momentum is g; `w' = w - rate velocity'`, with `nesterov` `w - rate (g + momentum velocity')`. `rate` and `step` are
 * addresses of one value, and so is `scale`, which gradients are multiplied by first, or 0. What is written may lie where the operands do.
 */
export function momentumUpdate(
  w: usize, gradient: usize, velocity: usize, rate: usize, step: usize, scale: usize, toW: usize, toVelocity: usize,
  momentum: f64, dampening: f64, nesterov: i32, weightDecay: f64, n: i32,
): void {
  const isFirst = load<f32>(step) <= 1 || momentum == 0;
  // At first the velocity counts nothing, not even where it is NaN, and the gradient whole.
  const kept = i32x4.splat(isFirst ? 0 : -1);
  const undamped = f32x4.splat(isFirst ? 1 : <f32>(1 - dampening)), by = f32x4.splat(<f32>momentum);
  const ahead = f32x4.splat(nesterov ? <f32>momentum : 1), own = i32x4.splat(nesterov ? -1 : 0);
  const decay = f32x4.splat(<f32>weightDecay), slope = f32x4.neg(v128.load32_splat(rate));
  const factor = scale ? v128.load32_splat(scale) : f32x4.splat(1);
  const end = toW + (<usize>n << 2), wide = end - 15;
  for (; toW < wide; toW += 16) {
    const x = v128.load(w), g = decayed4(f32x4.mul(v128.load(gradient), factor), x, decay);
    const v = velocity4(v128.and(v128.load(velocity), kept), g, by, undamped);
    v128.store(toVelocity, v);
    v128.store(toW, f32x4.add(x, f32x4.mul(slope, f32x4.add(v128.and(g, own), f32x4.mul(ahead, v)))));
    w += 16;
    gradient += 16;
    velocity += 16;
    toVelocity += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const x = loadPart(w, lanes), g = decayed4(f32x4.mul(loadPart(gradient, lanes), factor), x, decay);
    const v = velocity4(v128.and(loadPart(velocity, lanes), kept), g, by, undamped);
    storePart(toVelocity, v, lanes);
    storePart(toW, f32x4.add(x, f32x4.mul(slope, f32x4.add(v128.and(g, own), f32x4.mul(ahead, v)))), lanes);
  }
}
