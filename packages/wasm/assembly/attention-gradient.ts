// The gradient of attention. Probabilities are computed again from the rows' sums, for blocks of positions: no matrix of all
// positions by all is kept, and what a block adds to the gradients of keys and values is one block of their sums.
import {
  channelBytes, clear, combine, copyScaled, firstOf, headColumns, headRows, lowest, positionBytes, TILE,
} from './attention-heads';
import { multiply } from './binary';
import { dot } from './dot';
import { dropoutKey, keptFactors } from './dropout';
import { exponentials } from './exponentials';
import { BLOCK } from './reductions';
import { smallProduct } from './small-products';

/**
 * The gradient of `causalAttention` for queries, keys and values. With p the probabilities, m the dropout's factors and
 * `g = p (m dy · value - Σ_s p m dy · value) / √d`: that of a query is `Σ_s g key`, of a key the sum of `g query` over what reads
 * it, of a value that of `m p dy`, over the heads that share it. Scratch, with W and D as there and R the lesser of 64 and T: 2 d W + 3 T D + (2 R + 1) W +
 * (2 R + 4) D values.
 */
export function causalAttentionGradient(
  query: usize, queryRow: i32, key: usize, value: usize, sharedRow: i32,
  starts: usize, counter: usize, sums: usize, dy: usize, dQuery: usize, dKey: usize, dValue: usize,
  B: i32, T: i32, heads: i32, kvHeads: i32, d: i32, rate: f64, seed: u32, scratch: usize,
): void {
  const head = <usize>d << 2, C = head * <usize>heads, share = heads / kvHeads;
  const row = <usize>queryRow << 2, shared = <usize>sharedRow << 2;
  const N = (d + 7) & ~7;
  const wide = positionBytes(T), deep = channelBytes(d), R = <usize>min(BLOCK, T);
  const keyColumns = scratch, valueColumns = keyColumns + wide * <usize>d;
  const keys = valueColumns + wide * <usize>d, dKeys = keys + deep * <usize>T, dValues = dKeys + deep * <usize>T;
  const p = dValues + deep * <usize>T, slopes = p + wide * R, factors = slopes + wide * R;
  const queries = factors + wide, dRows = queries + deep * R, out = dRows + deep * R;
  const scale: f32 = 1 / sqrt<f32>(<f32>d), mask: u32 = rate > 0 ? dropoutKey(counter, seed) : 0;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < heads; h++) {
      const ours = query + <usize>h * head, dOurs = dy + <usize>h * head, to = dQuery + <usize>h * head;
      const place = <usize>(h / share) * head;
      if (h % share == 0) {
        headColumns(key + place, shared, keyColumns, wide, T, d, scale);
        headRows(key + place, shared, keys, T, d);
        headColumns(value + place, shared, valueColumns, wide, T, d, 1);
        clear(dKeys, 0, <i32>(deep >> 2) * T * 2);
      }
      for (let begin = 0; begin < T; begin += BLOCK) {
        const size = min(BLOCK, T - begin), least = lowest(starts, begin, size), all = begin + size - least;
        headRows(ours + <usize>begin * row, row, queries, size, d);
        headRows(dOurs + <usize>begin * C, C, dRows, size, d);
        for (let t = begin; t < begin + size; t += TILE) {
          const rows = min(TILE, begin + size - t), low = lowest(starts, t, rows), n = (t + rows - low + 7) & ~7;
          const at = <usize>(t - begin) * wide, skipped = <usize>(low - least) << 2, column = <usize>low << 2;
          const tileP = p + at + skipped, tileSlopes = slopes + at + skipped, tile = <usize>(t - begin) * deep;
          smallProduct(queries + tile, deep, 4, keyColumns + column, wide, tileP, wide, rows, n, d, 0);
          smallProduct(dRows + tile, deep, 4, valueColumns + column, wide, tileSlopes, wide, rows, n, d, 0);
          for (let i = 0; i < rows; i++) {
            const first = firstOf(starts, t + i), count = t + i - first + 1, before = first - least;
            const rowP = p + at + <usize>i * wide, rowSlopes = slopes + at + <usize>i * wide;
            const ownP = rowP + (<usize>before << 2), ownSlopes = rowSlopes + (<usize>before << 2);
            exponentials(ownP, ownP, count, load<f32>(sums + (<usize>((t + i) * heads + h) << 2)));
            if (rate > 0) {
              keptFactors(factors, ((b * heads + h) * T + t + i) * T + first, rate, mask, count);
              multiply(ownSlopes, 1, factors, 1, ownSlopes, count);
            }
            slopesOfScores(ownP, ownSlopes, count, scale);
            if (rate > 0) multiply(ownP, 1, factors, 1, ownP, count);
            clear(rowP, 0, before);
            clear(rowSlopes, 0, before);
            clear(ownP, count, all - before);
            clear(ownSlopes, count, all - before);
          }
          combine(tileSlopes, wide, keys, deep, starts, out, t, rows, low, d);
          for (let i = 0; i < rows; i++) copyScaled(out + <usize>i * deep, to + <usize>(t + i) * row, d, 1);
        }
        spread(slopes, p, wide, queries, dRows, dKeys, dValues, deep, N, begin, size, least);
      }
      if (h % share < share - 1) continue;
      for (let s = 0; s < T; s++) {
        const at = <usize>s * shared + place;
        copyScaled(dKeys + <usize>s * deep, dKey + at, d, 1);
        copyScaled(dValues + <usize>s * deep, dValue + at, d, 1);
      }
    }
    starts += <usize>T << 2;
    sums += <usize>(T * heads) << 2;
    dy += <usize>T * C;
    query += <usize>T * row;
    dQuery += <usize>T * row;
    key += <usize>T * shared;
    dKey += <usize>T * shared;
    value += <usize>T * shared;
    dValue += <usize>T * shared;
  }
}

/** What a block of positions adds to the gradients of the keys and values that it sees: `slopesᵀ queries` and `pᵀ dy`. */
function spread(
  slopes: usize, p: usize, wide: usize, queries: usize, dRows: usize, dKeys: usize, dValues: usize, deep: usize,
  N: i32, begin: i32, size: i32, least: i32,
): void {
  // What stands before the block is seen by all of it, what stands in it by what follows.
  const before = begin - least, from = <usize>least * deep;
  if (before > 0) {
    smallProduct(slopes, 4, wide, queries, deep, dKeys + from, deep, before, N, size, 1);
    smallProduct(p, 4, wide, dRows, deep, dValues + from, deep, before, N, size, 1);
  }
  for (let s = 0; s < size; s += TILE) {
    const count = min(TILE, size - s), at = <usize>s * wide + (<usize>(s + before) << 2);
    const place = <usize>s * deep, to = <usize>(begin + s) * deep;
    smallProduct(slopes + at, 4, wide, queries + place, deep, dKeys + to, deep, count, N, size - s, 1);
    smallProduct(p + at, 4, wide, dRows + place, deep, dValues + to, deep, count, N, size - s, 1);
  }
}

/** `slopes[s] = p[s] (slopes[s] - Σ p slopes) scale`. */
function slopesOfScores(p: usize, slopes: usize, count: i32, scale: f32): void {
  const mean = dot(p, slopes, count), means = f32x4.splat(mean), scales = f32x4.splat(scale);
  const end = slopes + (<usize>count << 2), wide = end - 15;
  for (; slopes < wide; slopes += 16) {
    const slope = f32x4.mul(v128.load(p), f32x4.sub(v128.load(slopes), means));
    v128.store(slopes, f32x4.mul(slope, scales));
    p += 16;
  }
  for (; slopes < end; slopes += 4) {
    store<f32>(slopes, load<f32>(p) * (load<f32>(slopes) - mean) * scale);
    p += 4;
  }
}
