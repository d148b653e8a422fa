// Attention of each position to its own text up to itself. Such positions are a range, so nothing is masked: blocks of what no
// position sees aren't computed. Queries, keys and values are read where a product has left them, side by side in rows of 3 C,
// the heads within each; a head's keys and values are packed first, so that all that is multiplied lies together.
import { dropoutKey, keptFactors } from './dropout';
import { exponentials, ln } from './exponentials';
import { firstLanes, loadPart, sumOfLanes } from './lanes';
import { BLOCK, LONG, maxOf } from './reductions';
import { smallProduct } from './small-products';

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

/**
 * `y[b, t] = Σ_s m[s] p[s] value[b, s]` for each head's part of the channels, over s from `starts[b, t]` to t, with p the softmax of
 * `query[b, t] · key[b, s] / √d` and m a dropout's factors, whose indices are those of a tensor `[B, heads, T, T]`; and for the
 * gradient `sums[b, t, h] = ln Σ_s e^(query · key / √d)`. `d = C / heads` channels a head. A start beyond t counts as t, one below 0
 * as 0. With rate 0 nothing is dropped and no counter read. Scratch, with W = T in eights + 16 and D = d in eights:
 * d W + T D + 5 W + 4 D + 4 values.
 */
export function causalAttention(
  qkv: usize, starts: usize, counter: usize, y: usize, sums: usize,
  B: i32, T: i32, heads: i32, d: i32, rate: f64, seed: u32, scratch: usize,
): void {
  const C = <usize>(heads * d) << 2, row = C * 3, head = <usize>d << 2;
  const wide = positionBytes(T), deep = channelBytes(d);
  const keys = scratch, values = keys + wide * <usize>d, scores = values + deep * <usize>T;
  const factors = scores + wide * TILE, out = factors + wide, shares = out + deep * TILE;
  const scale: f32 = 1 / sqrt<f32>(<f32>d), key: u32 = rate > 0 ? dropoutKey(counter, seed) : 0;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < heads; h++) {
      const queries = qkv + <usize>h * head;
      packColumns(queries + C, row, keys, wide, T, d, scale);
      packRows(queries + (C << 1), row, values, T, d);
      for (let t = 0; t < T; t += TILE) {
        const rows = min(TILE, T - t), low = lowest(starts, t, rows), end = t + rows;
        const n = (end - low + 7) & ~7;
        smallProduct(queries + <usize>t * row, row, 4, keys + (<usize>low << 2), wide, scores, wide, rows, n, d, 0);
        for (let i = 0; i < rows; i++) {
          const first = firstOf(starts, t + i), count = t + i - first + 1;
          const p = scores + <usize>i * wide + (<usize>(first - low) << 2);
          const most = maxOf(p, count), sum = exponentials(p, p, count, most);
          if (rate > 0) {
            keptFactors(factors, ((b * heads + h) * T + t + i) * T + first, rate, key, count);
            multiply(p, factors, count);
          }
          store<f32>(sums + (<usize>((t + i) * heads + h) << 2), most + ln(sum));
          store<f32>(shares + (<usize>i << 2), 1 / sum);
          clear(p, count, n - (first - low));
        }
        combine(scores, wide, values, deep, starts, out, t, rows, low, d);
        let to = y + <usize>t * C + <usize>h * head;
        for (let i = 0; i < rows; i++) {
          copyScaled(out + <usize>i * deep, to, d, load<f32>(shares + (<usize>i << 2)));
          to += C;
        }
      }
    }
    starts += <usize>T << 2;
    sums += <usize>(T * heads) << 2;
    y += <usize>T * C;
    qkv += <usize>T * row;
  }
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
export function packColumns(x: usize, row: usize, to: usize, wide: usize, T: i32, d: i32, scale: f32): void {
  const by = f32x4.splat(scale);
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    let at = x + (<usize>j << 2), s = 0, place = to + <usize>j * wide;
    for (; s + 4 <= T; s += 4) {
      const r0 = f32x4.mul(v128.load(at), by), r1 = f32x4.mul(v128.load(at + row), by);
      const r2 = f32x4.mul(v128.load(at + (row << 1)), by), r3 = f32x4.mul(v128.load(at + row * 3), by);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      v128.store(place, i64x2.shuffle(low01, low23, 0, 2));
      v128.store(place + wide, i64x2.shuffle(low01, low23, 1, 3));
      v128.store(place + (wide << 1), i64x2.shuffle(high01, high23, 0, 2));
      v128.store(place + wide * 3, i64x2.shuffle(high01, high23, 1, 3));
      at += row << 2;
      place += 16;
    }
    for (let i = 0; i < 4; i++) packRest(at + (<usize>i << 2), row, to + <usize>(j + i) * wide, s, T, scale);
  }
  for (; j < d; j++) packRest(x + (<usize>j << 2), row, to + <usize>j * wide, 0, T, scale);
}

/** One channel from position s on, the zeros behind it too. */
function packRest(x: usize, row: usize, to: usize, s: i32, T: i32, scale: f32): void {
  for (; s < T; s++) {
    store<f32>(to + (<usize>s << 2), load<f32>(x) * scale);
    x += row;
  }
  clear(to, T, T + 8);
}

/** Rows of d values, one behind the other, zeros behind each. */
export function packRows(x: usize, row: usize, to: usize, rows: i32, d: i32): void {
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

/** `x *= y`. */
export function multiply(x: usize, y: usize, n: i32): void {
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    v128.store(x, f32x4.mul(v128.load(x), v128.load(y)));
    y += 16;
  }
  for (; x < end; x += 4) {
    store<f32>(x, load<f32>(x) * load<f32>(y));
    y += 4;
  }
}

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
  const lanes = n & 3;
  if (lanes) {
    const products = f32x4.mul(loadPart(a, lanes), loadPart(b, lanes));
    sums = f32x4.add(sums, v128.and(products, firstLanes(lanes)));
  }
  return sumOfLanes(sums);
}
