// Attention of each position to its own text up to itself. Such positions are a range, so nothing is masked: blocks of what no
// position sees aren't computed. Queries, keys and values are read where products have left them, in rows, side by side or not, the
// heads within each; a head's keys and values are packed first, so that all that is multiplied lies together.
import {
  channelBytes, clear, combine, copyScaled, firstOf, headColumns, headRows, lowest, positionBytes, TILE,
} from './attention-heads';
import { multiply } from './binary';
import { dropoutKey, keptFactors } from './dropout';
import { exponentials, ln } from './exponentials';
import { maxOf } from './reductions';
import { smallProduct } from './small-products';

/**
 * `y[b, t] = Σ_s m[s] p[s] value[b, s]` for each head's part of the channels, over s from `starts[b, t]` to t, with p the softmax of
 * `query[b, t] · key[b, s] / √d` and m a dropout's factors, whose indices are those of a tensor `[B, heads, T, T]`; and for the
 * gradient `sums[b, t, h] = ln Σ_s e^(query · key / √d)`. `d` channels a head; `heads / kvHeads` heads that follow one another read
 * the same keys and values, of which there are `kvHeads`. Rows of queries lie `queryRow` values apart, those of keys and values
 * `sharedRow`, all batches behind one another. A start beyond t counts as t, one below 0 as 0. With rate 0 nothing is dropped and no
 * counter read. Scratch, with W = T in eights + 16 and D = d in eights: d W + T D + 5 W + 4 D + 4 values.
 */
export function causalAttention(
  query: usize, queryRow: i32, key: usize, value: usize, sharedRow: i32,
  starts: usize, counter: usize, y: usize, sums: usize,
  B: i32, T: i32, heads: i32, kvHeads: i32, d: i32, rate: f64, seed: u32, scratch: usize,
): void {
  const head = <usize>d << 2, C = head * <usize>heads, share = heads / kvHeads;
  const row = <usize>queryRow << 2, shared = <usize>sharedRow << 2;
  const wide = positionBytes(T), deep = channelBytes(d);
  const keys = scratch, values = keys + wide * <usize>d, scores = values + deep * <usize>T;
  const factors = scores + wide * TILE, out = factors + wide, shares = out + deep * TILE;
  const scale: f32 = 1 / sqrt<f32>(<f32>d), mask: u32 = rate > 0 ? dropoutKey(counter, seed) : 0;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < heads; h++) {
      const queries = query + <usize>h * head;
      if (h % share == 0) {
        const place = <usize>(h / share) * head;
        headColumns(key + place, shared, keys, wide, T, d, scale);
        headRows(value + place, shared, values, T, d);
      }
      for (let t = 0; t < T; t += TILE) {
        const rows = min(TILE, T - t), low = lowest(starts, t, rows), end = t + rows;
        const n = (end - low + 7) & ~7;
        smallProduct(queries + <usize>t * row, row, 4, keys + (<usize>low << 2), wide, scores, wide, rows, n, d, 0);
        for (let i = 0; i < rows; i++) {
          const first = firstOf(starts, t + i), count = t + i - first + 1;
          const p = scores + <usize>i * wide + (<usize>(first - low) << 2);
          const most = maxOf(p, count), sum = exponentials(p, p, count, most);
          if (rate > 0) {
            keptFactors(factors, ((b * heads + h) * T + t + i) * T + first, rate, mask, count);
            multiply(p, 1, factors, 1, p, count);
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
    query += <usize>T * row;
    key += <usize>T * shared;
    value += <usize>T * shared;
  }
}
