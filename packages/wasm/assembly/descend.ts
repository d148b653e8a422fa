// A step of gradient descent, in place.
import { loadPart, storePart } from './lanes';

/** `w -= g scale rate`, each operation rounded; `rate` and `scale` are addresses of one value, `scale` may be 0 for none. */
export function descend(w: usize, g: usize, rate: usize, scale: usize, n: i32): void {
  const r = v128.load32_splat(rate), by = scale ? v128.load32_splat(scale) : f32x4.splat(1);
  const end = w + (<usize>n << 2), wide = end - 15;
  for (; w < wide; w += 16) {
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(f32x4.mul(v128.load(g), by), r)));
    g += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(w, f32x4.sub(loadPart(w, lanes), f32x4.mul(f32x4.mul(loadPart(g, lanes), by), r)), lanes);
}
