// Attention of each position to its own text up to itself. Such positions are a range, so nothing is masked: what a
// position doesn't see isn't computed. Queries, keys and values are read where a product has left them, side by side in
// rows of 3 C, the heads within each: nothing is transposed.
import { exponentials, ln } from './exponentials';
import { sumOfLanes } from './lanes';
import { LONG, maxOf } from './reductions';

/**
 * `y[b, t] = Σ_s p[s] value[b, s]` for each head's part of the channels, over s from `starts[b, t]` to t, with p the softmax
 * of `query[b, t] · key[b, s] / √d`; and for the gradient `sums[b, t, h] = ln Σ_s e^(query · key / √d)`. `d = C / heads`
 * channels a head. A start beyond t counts as t, one below 0 as 0. Scratch: T values.
 */
export function causalAttention(
  qkv: usize, starts: usize, y: usize, sums: usize, B: i32, T: i32, heads: i32, d: i32, scratch: usize,
): void {
  const C = <usize>(heads * d) << 2, row = C * 3, head = <usize>d << 2;
  const scale: f32 = 1 / sqrt<f32>(<f32>d);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      const first = firstOf(starts, t), count = t - first + 1;
      let query = qkv + <usize>t * row, key = qkv + <usize>first * row + C;
      for (let h = 0; h < heads; h++) {
        dots(query, key, scratch, count, row, d, scale);
        const most = maxOf(scratch, count), sum = exponentials(scratch, scratch, count, most);
        combine(scratch, key + C, y, count, row, d, 1 / sum);
        store<f32>(sums, most + ln(sum));
        query += head;
        key += head;
        y += head;
        sums += 4;
      }
      starts += 4;
    }
    qkv += <usize>T * row;
  }
}

/**
 * The gradient of the same for queries, keys and values. With `g = p (dy · value - Σ_s p dy · value) / √d`: that of a query is
 * `Σ_s g key`, of a key the sum of `g query` over what reads it, of a value that of `p dy`. Scratch: 2 T values, and behind them
 * T rows of 2 C in double precision where T is more than LONG.
 */
export function causalAttentionGradient(
  qkv: usize, starts: usize, sums: usize, dy: usize, dqkv: usize, B: i32, T: i32, heads: i32, d: i32, scratch: usize,
): void {
  const C = <usize>(heads * d) << 2, row = C * 3, head = <usize>d << 2;
  const scale: f32 = 1 / sqrt<f32>(<f32>d);
  const slopes = scratch + (<usize>T << 2), wide = slopes + (<usize>T << 2);
  memory.fill(dqkv, 0, <usize>(B * T) * row);
  for (let b = 0; b < B; b++) {
    if (T > LONG) memory.fill(wide, 0, <usize>T * (C << 2));
    for (let t = 0; t < T; t++) {
      const first = firstOf(starts, t), count = t - first + 1;
      let query = <usize>t * row, key = <usize>first * row + C;
      for (let h = 0; h < heads; h++) {
        dots(qkv + query, qkv + key, scratch, count, row, d, scale);
        exponentials(scratch, scratch, count, load<f32>(sums)); // p
        dots(dy, qkv + key + C, slopes, count, row, d, 1);
        slopesOfScores(scratch, slopes, count, scale); // g
        combine(slopes, qkv + key, dqkv + query, count, row, d, 1);
        if (T > LONG) {
          const to = wide + <usize>first * (C << 2) + ((<usize>h * head) << 1);
          spreadMany(slopes, qkv + query, to, count, C << 2, d);
          spreadMany(scratch, dy, to + (C << 1), count, C << 2, d);
        } else {
          spread(slopes, qkv + query, dqkv + key, count, row, d);
          spread(scratch, dy, dqkv + key + C, count, row, d);
        }
        query += head;
        key += head;
        dy += head;
        sums += 4;
      }
      starts += 4;
    }
    if (T > LONG) narrow(wide, dqkv + C, T, heads * d * 2, row);
    qkv += <usize>T * row;
    dqkv += <usize>T * row;
  }
}

// @ts-ignore: decorator
@inline
function firstOf(starts: usize, t: i32): i32 {
  return max(min(load<i32>(starts), t), 0);
}

/** `to[s] = a · b[s] scale`; from one b to the next it is `next` bytes. */
function dots(a: usize, b: usize, to: usize, count: i32, next: usize, d: i32, scale: f32): void {
  for (let s = 0; s < count; s++) {
    store<f32>(to, dot(a, b, d) * scale);
    to += 4;
    b += next;
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, d: i32): f32 {
  let sums = f32x4.splat(0);
  const end = a + (<usize>d << 2), wide = end - 15;
  for (; a < wide; a += 16) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(a), v128.load(b)));
    b += 16;
  }
  let sum = sumOfLanes(sums);
  for (; a < end; a += 4) {
    sum += load<f32>(a) * load<f32>(b);
    b += 4;
  }
  return sum;
}

/** The same of many, in double precision. */
function dotOfMany(a: usize, b: usize, count: i32): f32 {
  let sum: f64 = 0;
  for (let s = 0; s < count; s++) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b);
    a += 4;
    b += 4;
  }
  return <f32>sum;
}

/** `to = Σ_s weights[s] x[s] by`. */
function combine(weights: usize, x: usize, to: usize, count: i32, next: usize, d: i32, by: f32): void {
  if (count > LONG) return combineMany(weights, x, to, count, next, d, by);
  const last = weights + (<usize>count << 2), factor = f32x4.splat(by);
  const end = to + (<usize>d << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    let sum = f32x4.splat(0), at = x;
    for (let weight = weights; weight < last; weight += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), v128.load(at)));
      at += next;
    }
    v128.store(to, f32x4.mul(sum, factor));
    x += 16;
  }
  for (; to < end; to += 4) {
    let sum: f32 = 0, at = x;
    for (let weight = weights; weight < last; weight += 4) {
      sum += load<f32>(weight) * load<f32>(at);
      at += next;
    }
    store<f32>(to, sum * by);
    x += 4;
  }
}

/** The same in double precision. */
function combineMany(weights: usize, x: usize, to: usize, count: i32, next: usize, d: i32, by: f32): void {
  const end = to + (<usize>d << 2);
  for (; to < end; to += 4) {
    let sum: f64 = 0, at = x, weight = weights;
    for (let s = 0; s < count; s++) {
      sum += <f64>load<f32>(weight) * <f64>load<f32>(at);
      at += next;
      weight += 4;
    }
    store<f32>(to, <f32>(sum * <f64>by));
    x += 4;
  }
}

/** `to[s] += weights[s] x`. */
function spread(weights: usize, x: usize, to: usize, count: i32, next: usize, d: i32): void {
  const last = weights + (<usize>count << 2);
  const end = x + (<usize>d << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    const values = v128.load(x);
    let at = to;
    for (let weight = weights; weight < last; weight += 4) {
      v128.store(at, f32x4.add(v128.load(at), f32x4.mul(v128.load32_splat(weight), values)));
      at += next;
    }
    to += 16;
  }
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    let at = to;
    for (let weight = weights; weight < last; weight += 4) {
      store<f32>(at, load<f32>(at) + load<f32>(weight) * value);
      at += next;
    }
    to += 4;
  }
}

/** The same into sums in double precision. */
function spreadMany(weights: usize, x: usize, to: usize, count: i32, next: usize, d: i32): void {
  for (let s = 0; s < count; s++) {
    const weight = <f64>load<f32>(weights);
    for (let j = 0; j < d; j++) {
      const at = to + (<usize>j << 3);
      store<f64>(at, load<f64>(at) + weight * <f64>load<f32>(x + (<usize>j << 2)));
    }
    weights += 4;
    to += next;
  }
}

/** Rows of n sums, rounded; from one row to the next it is `next` bytes in `to`. */
function narrow(from: usize, to: usize, rows: i32, n: i32, next: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(to + (<usize>j << 2), <f32>load<f64>(from));
      from += 8;
    }
    to += next;
  }
}

/** `slopes[s] = p[s] (slopes[s] - Σ p slopes) scale`. */
function slopesOfScores(p: usize, slopes: usize, count: i32, scale: f32): void {
  const mean = count > LONG ? dotOfMany(p, slopes, count) : dot(p, slopes, count);
  for (let s = 0; s < count; s++) {
    store<f32>(slopes, load<f32>(p) * (load<f32>(slopes) - mean) * scale);
    p += 4;
    slopes += 4;
  }
}
