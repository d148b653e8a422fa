// Attention of the newest position of each row over the keys and values that are kept of all: its cost is that of those it sees.
import { copyScaled } from './attention-heads';
import { dot } from './dot';
import { exponentials } from './exponentials';
import { BLOCK, maxOf } from './reductions';
import { smallProduct } from './small-products';

/**
 * `y[b] = Σ_s p[s] value[b, s]` for each head's part of the channels, over s from 0 to `positions[b]`, with p the softmax of
 * `query[b] · key[b, s] / √d`. Queries are `[B, heads d]`, keys and values `[B, T, kvHeads d]`; `heads / kvHeads` heads that follow
 * one another read the same ones. A position below 0 counts as 0, one beyond T - 1 as that. Scratch: T + d values.
 */
export function cachedAttention(
  query: usize, keys: usize, values: usize, positions: usize, y: usize,
  B: i32, T: i32, heads: i32, kvHeads: i32, d: i32, scratch: usize,
): void {
  const head = <usize>d << 2, row = head * <usize>kvHeads, share = heads / kvHeads, p = scratch, out = p + (<usize>T << 2);
  const scale: f32 = 1 / sqrt<f32>(<f32>d);
  for (let b = 0; b < B; b++) {
    const count = max(min(load<i32>(positions + (<usize>b << 2)), T - 1), 0) + 1;
    for (let h = 0; h < heads; h++) {
      const place = <usize>(h / share) * head;
      let key = keys + place;
      for (let s = 0; s < count; s++) {
        store<f32>(p + (<usize>s << 2), dot(query, key, d) * scale);
        key += row;
      }
      const sum = exponentials(p, p, count, maxOf(p, count)), whole = d & ~7;
      smallProduct(p, 0, 4, values + place, row, out, 0, 1, whole, count, 0);
      for (let j = whole; j < d; j++) {
        const at = <usize>j << 2;
        store<f32>(out + at, column(p, values + place + at, row, count));
      }
      copyScaled(out, y, d, 1 / sum);
      query += head;
      y += head;
    }
    keys += <usize>T * row;
    values += <usize>T * row;
  }
}

/** `Σ_s p[s] x[s]` of one channel, in blocks. */
function column(p: usize, x: usize, row: usize, count: i32): f32 {
  let total: f32 = 0;
  for (; count > 0; count -= BLOCK) {
    let sum: f32 = 0;
    for (let s = min(count, BLOCK); s > 0; s--) {
      sum += load<f32>(p) * load<f32>(x);
      p += 4;
      x += row;
    }
    total += sum;
  }
  return total;
}

/** `to[b, positions[b, i]] = rows[b, i]`, in order, for positions from 0 to below T; `to` is `[B, T]` rows of `bytes`. */
export function writeRows(rows: usize, positions: usize, to: usize, B: i32, n: i32, T: i32, bytes: i32): void {
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < n; i++) {
      const at = load<i32>(positions);
      if (<u32>at < <u32>T) memory.copy(to + <usize>at * <usize>bytes, rows, bytes);
      rows += bytes;
      positions += 4;
    }
    to += <usize>T * <usize>bytes;
  }
}
