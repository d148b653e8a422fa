// What attention and its gradient share: which positions each one sees, and the numbers of one head packed, in rows and in columns.
import { smallProduct } from './small-products';
import { storeTurned } from './turn';

/** How many positions are computed at once. */
export const TILE: i32 = 4;

/** The bytes of a row of numbers for T positions: whole tiles, and no power of two, whose rows would share a place in the cache. */
// @ts-ignore: decorator
@inline
export function positionBytes(T: i32): usize {
  return <usize>(((T + 7) & ~7) + 16) << 2;
}

/** The bytes of a row of d numbers, filled up to whole tiles. */
// @ts-ignore: decorator
@inline
export function channelBytes(d: i32): usize {
  return <usize>((d + 7) & ~7) << 2;
}

// @ts-ignore: decorator
@inline
export function firstOf(starts: usize, t: i32): i32 {
  return max(min(load<i32>(starts + (<usize>t << 2)), t), 0);
}

/** The first position that one of some sees. */
export function lowest(starts: usize, t: i32, rows: i32): i32 {
  let low = firstOf(starts, t);
  for (let i = 1; i < rows; i++) low = min(low, firstOf(starts, t + i));
  return low;
}

/** Zeros from `count` up to n values. Loops, as the engine's own fill is a call, long for so few. */
export function clear(x: usize, count: i32, n: i32): void {
  const end = x + (<usize>n << 2), wide = end - 15;
  let at = x + (<usize>count << 2);
  for (; at < wide; at += 16) v128.store(at, f32x4.splat(0));
  for (; at < end; at += 4) store<f32>(at, 0);
}

/** `to[j, s] = x[s, j] scale`, and zeros for 8 more positions; 4 x 4 in registers. */
export function headColumns(x: usize, row: usize, to: usize, wide: usize, T: i32, d: i32, scale: f32): void {
  const by = f32x4.splat(scale);
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    let at = x + (<usize>j << 2), s = 0, place = to + <usize>j * wide;
    for (; s + 4 <= T; s += 4) {
      const r0 = f32x4.mul(v128.load(at), by), r1 = f32x4.mul(v128.load(at + row), by);
      const r2 = f32x4.mul(v128.load(at + (row << 1)), by), r3 = f32x4.mul(v128.load(at + row * 3), by);
      storeTurned(r0, r1, r2, r3, place, wide);
      at += row << 2;
      place += 16;
    }
    for (let i = 0; i < 4; i++) restOfColumn(at + (<usize>i << 2), row, to + <usize>(j + i) * wide, s, T, scale);
  }
  for (; j < d; j++) restOfColumn(x + (<usize>j << 2), row, to + <usize>j * wide, 0, T, scale);
}

/** One channel from position s on, the zeros behind it too. */
function restOfColumn(x: usize, row: usize, to: usize, s: i32, T: i32, scale: f32): void {
  for (; s < T; s++) {
    store<f32>(to + (<usize>s << 2), load<f32>(x) * scale);
    x += row;
  }
  clear(to, T, T + 8);
}

/** Rows of d values, one behind the other, zeros behind each. */
export function headRows(x: usize, row: usize, to: usize, rows: i32, d: i32): void {
  const deep = channelBytes(d);
  for (let s = 0; s < rows; s++) {
    copyScaled(x, to, d, 1);
    clear(to, d, <i32>(deep >> 2));
    x += row;
    to += deep;
  }
}

/**
 * `out[i] = Σ_s weights[i, s - low] x[s]` over what position t + i sees. A sum begins at its first s, so that what stands before
 * a text makes no difference; positions that see from the same one on are computed at once, with weights of 0 for what only the
 * later ones see, where that is finite.
 */
export function combine(
  weights: usize, wide: usize, x: usize, deep: usize, starts: usize, out: usize, t: i32, rows: i32, low: i32, d: i32,
): void {
  const N = (d + 7) & ~7;
  let isOne = isFiniteBlock(x + <usize>(t + 1) * deep, <i32>(deep >> 2) * (rows - 1));
  for (let i = 0; i < rows; i++) isOne = isOne && firstOf(starts, t + i) == low;
  if (isOne) return smallProduct(weights, wide, 4, x + <usize>low * deep, deep, out, deep, rows, N, t + rows - low, 0);
  for (let i = 0; i < rows; i++) {
    const first = firstOf(starts, t + i), from = weights + (<usize>(first - low) << 2);
    smallProduct(from, wide, 4, x + <usize>first * deep, deep, out, deep, 1, N, t + i - first + 1, 0);
    weights += wide;
    out += deep;
  }
}

/** Whether n values, a multiple of 4, are all finite. */
function isFiniteBlock(x: usize, n: i32): bool {
  let zeros = f32x4.splat(0);
  for (const end = x + (<usize>n << 2); x < end; x += 16) {
    zeros = f32x4.add(zeros, f32x4.mul(v128.load(x), f32x4.splat(0))); // NaN where a value is NaN or infinite
  }
  return !v128.any_true(f32x4.ne(zeros, zeros));
}

export function copyScaled(from: usize, to: usize, n: i32, by: f32): void {
  const factor = f32x4.splat(by);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.mul(v128.load(from), factor));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(from) * by);
    from += 4;
  }
}
