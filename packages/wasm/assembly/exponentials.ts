// What every softmax is made of.
import { constants } from './constants';
import { exp4, log4 } from './functions';
import { firstLanes, loadPart, storePart, sumOfLanes } from './lanes';
import { BLOCK, LONG } from './reductions';

/** Writes `e^(x[j] - most)` and returns their sum; `to` may be x. */
export function exponentials(x: usize, to: usize, n: i32, most: f32): f32 {
  if (n <= LONG) return blockOf(x, to, n, most);
  let sum: f64 = 0;
  for (; n > 0; n -= BLOCK) {
    sum += <f64>blockOf(x, to, min(n, BLOCK), most);
    x += BLOCK << 2;
    to += BLOCK << 2;
  }
  return <f32>sum;
}

function blockOf(x: usize, to: usize, n: i32, most: f32): f32 {
  const shift = f32x4.splat(most), k = constants();
  let sums = f32x4.splat(0);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    const e = exp4(f32x4.sub(v128.load(x), shift), k);
    v128.store(to, e);
    sums = f32x4.add(sums, e);
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const e = exp4(f32x4.sub(loadPart(x, lanes), shift), k);
    storePart(to, e, lanes);
    sums = f32x4.add(sums, v128.and(e, firstLanes(lanes)));
  }
  return sumOfLanes(sums);
}

/** The natural logarithm. */
export function ln(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}
