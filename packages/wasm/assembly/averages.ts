// Means of weights: one alone, and a step of AdamW that keeps one instead of a schedule.
import { power } from './adam';
import { read4, write4 } from './lanes';

/** `to = a + (b - a) t`, each operation rounded; t is the address of one value. `to` may be either. */
export function lerp(a: usize, b: usize, t: usize, to: usize, n: i32): void {
  const share = v128.load32_splat(t);
  for (; n > 0; n -= 4) {
    const lanes = min(n, 4), from = read4(a, lanes);
    write4(to, f32x4.add(from, f32x4.mul(f32x4.sub(read4(b, lanes), from), share)), lanes);
    a += 16;
    b += 16;
    to += 16;
  }
}

/**
 * With `second' = beta2 second + (1 - beta2) g²` and `change = g / (√(second' / (1 - beta2^step)) + epsilon) + weightDecay y`:
 * `z' = z - rate change` and `y' = y + (z - y) share + rate (beta1 (1 - share) - 1) change`. At the first step z is y. `rate`, `step` and
 * `share` are addresses of one value, and so is `scale`, which gradients are multiplied by first, or 0. What is written may lie where
 * the operands do.
 */
export function scheduleFreeUpdate(
  y: usize, gradient: usize, z: usize, second: usize, rate: usize, step: usize, share: usize, scale: usize,
  toY: usize, toZ: usize, toSecond: usize, beta1: f64, beta2: f64, epsilon: f64, weightDecay: f64, n: i32,
): void {
  const t = <i32>load<f32>(step), eta = load<f32>(rate), part = load<f32>(share);
  const correction = f32x4.splat(<f32>(1 - power(beta2, t))), tiny = f32x4.splat(<f32>epsilon);
  const by = scale ? v128.load32_splat(scale) : f32x4.splat(1), decay = f32x4.splat(<f32>weightDecay);
  const keep = f32x4.splat(<f32>beta2), share2 = f32x4.splat(<f32>(1 - beta2)), nearer = f32x4.splat(part);
  const pull = f32x4.splat(<f32>(<f64>eta * (beta1 * (1 - <f64>part) - 1))), away = f32x4.splat(eta);
  for (; n > 0; n -= 4) {
    const lanes = min(n, 4), x = read4(y, lanes), g = f32x4.mul(read4(gradient, lanes), by);
    const from = t <= 1 ? x : read4(z, lanes);
    const v = f32x4.add(f32x4.mul(read4(second, lanes), keep), f32x4.mul(f32x4.mul(share2, g), g));
    const root = f32x4.add(f32x4.sqrt(f32x4.div(v, correction)), tiny);
    const change = f32x4.add(f32x4.div(g, root), f32x4.mul(x, decay));
    const mean = f32x4.add(x, f32x4.mul(f32x4.sub(from, x), nearer));
    write4(toY, f32x4.add(mean, f32x4.mul(change, pull)), lanes);
    write4(toZ, f32x4.sub(from, f32x4.mul(change, away)), lanes);
    write4(toSecond, v, lanes);
    y += 16;
    gradient += 16;
    z += 16;
    second += 16;
    toY += 16;
    toZ += 16;
    toSecond += 16;
  }
}
