// Sums of products of two rows.
import { loadPart, sumOfLanes } from './lanes';
import { BLOCK, LONG } from './reductions';

/** `Σ a b`. */
export function dot(a: usize, b: usize, n: i32): f32 {
  if (n <= LONG) return dotOfBlock(a, b, n);
  let sum: f64 = 0;
  for (; n > 0; n -= BLOCK) {
    sum += <f64>dotOfBlock(a, b, min(n, BLOCK));
    a += BLOCK << 2;
    b += BLOCK << 2;
  }
  return <f32>sum;
}

function dotOfBlock(a: usize, b: usize, n: i32): f32 {
  let sums = f32x4.splat(0);
  const end = a + (<usize>n << 2), wide = end - 15;
  for (; a < wide; a += 16) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(a), v128.load(b)));
    b += 16;
  }
  const lanes = n & 3; // what isn't loaded is 0, and so is its product
  if (lanes) sums = f32x4.add(sums, f32x4.mul(loadPart(a, lanes), loadPart(b, lanes)));
  return sumOfLanes(sums);
}
