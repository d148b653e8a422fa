// Moves, and sums of rows.
import { LONG } from './reductions';
import { fill } from './rows';
import { storeTurned } from './turn';

/** So many rows are turned before the next ones: what they fill of a cache line is all of it, while it is there. */
const STRIP: i32 = 16;

/** `to[j, i] = from[i, j]`, 4-byte values; blocks of 4 x 4 in registers. */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  const fromRow = <usize>columns << 2, toRow = <usize>rows << 2;
  const wholeRows = rows & ~3, wholeColumns = columns & ~3;
  for (let strip = 0; strip < wholeRows; strip += STRIP) {
    const end = min(strip + STRIP, wholeRows);
    for (let j = 0; j < wholeColumns; j += 4) {
      for (let i = strip; i < end; i += 4) {
        block(from + <usize>i * fromRow + (<usize>j << 2), fromRow, to + <usize>j * toRow + (<usize>i << 2), toRow);
      }
    }
  }
  rest(from, to, rows, columns, 0, wholeRows, wholeColumns);
  rest(from, to, rows, columns, wholeRows, rows, 0);
}

function block(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromRow);
  const r2 = v128.load(from + (fromRow << 1)), r3 = v128.load(from + fromRow * 3);
  storeTurned(r0, r1, r2, r3, to, toRow);
}

function rest(from: usize, to: usize, rows: i32, columns: i32, row: i32, endRow: i32, column: i32): void {
  for (let i = row; i < endRow; i++) {
    for (let j = column; j < columns; j++) {
      store<u32>(to + (<usize>(j * rows + i) << 2), load<u32>(from + (<usize>(i * columns + j) << 2)));
    }
  }
}

/** A copy with permuted axes: `to[h, i, j, k, l] = from[h s0 + i s1 + j s2 + k s3 + l s4]`, 4-byte values. */
export function permute(
  from: usize, to: usize, d0: i32, d1: i32, d2: i32, d3: i32, d4: i32, s0: i32, s1: i32, s2: i32, s3: i32, s4: i32,
): void {
  const step = <usize>s4 << 2;
  for (let h = 0; h < d0; h++) {
    for (let i = 0; i < d1; i++) {
      for (let j = 0; j < d2; j++) {
        const start = h * s0 + i * s1 + j * s2;
        for (let k = 0; k < d3; k++) {
          let at = from + (<usize>(start + k * s3) << 2), l = d4;
          if (s4 == 1) {
            for (; l > 3; l -= 4) {
              v128.store(to, v128.load(at));
              to += 16;
              at += 16;
            }
          }
          for (; l > 0; l--) {
            store<u32>(to, load<u32>(at));
            to += 4;
            at += step;
          }
        }
      }
    }
  }
}

/** `to[i, :] = table[indices[i], :]`, rows of `width` 4-byte values. */
export function gatherRows(table: usize, indices: usize, to: usize, count: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < count; i++) {
    let from = table + <usize>load<i32>(indices + (<usize>i << 2)) * bytes;
    const end = from + bytes, wide = end - 15;
    for (; from < wide; from += 16) {
      v128.store(to, v128.load(from));
      to += 16;
    }
    for (; from < end; from += 4) {
      store<u32>(to, load<u32>(from));
      to += 4;
    }
  }
}

/**
 * `to[s, :] = Σ x[i, :]` over the rows whose `ids[i]` is s, in their order; ids out of range are left out. Scratch, where
 * there are more than LONG rows: count + 2 segments values. Segments of more than LONG rows are added in double precision.
 */
export function segmentSum(
  x: usize, ids: usize, to: usize, count: i32, width: i32, segments: i32, scratch: usize,
): void {
  const bytes = <usize>width << 2;
  memory.fill(to, 0, <usize>segments * bytes);
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>i << 2));
    if (<u32>id < <u32>segments) addTo(to + <usize>id * bytes, x + <usize>i * bytes, bytes);
  }
  if (count > LONG) addLongSegments(x, ids, to, count, bytes, segments, scratch);
}

/** Each segment's rows as a list: its first one and, behind the segments, each row's next one; -1 is the end. */
function addLongSegments(
  x: usize, ids: usize, to: usize, count: i32, bytes: usize, segments: i32, scratch: usize,
): void {
  const firsts = scratch, sizes = firsts + (<usize>segments << 2), nexts = sizes + (<usize>segments << 2);
  memory.fill(firsts, 0xff, <usize>segments << 2);
  memory.fill(sizes, 0, <usize>segments << 2);
  for (let i = count - 1; i >= 0; i--) {
    const id = load<i32>(ids + (<usize>i << 2));
    if (<u32>id >= <u32>segments) continue;
    const first = firsts + (<usize>id << 2), size = sizes + (<usize>id << 2);
    store<i32>(nexts + (<usize>i << 2), load<i32>(first));
    store<i32>(first, i);
    store<i32>(size, load<i32>(size) + 1);
  }
  for (let s = 0; s < segments; s++) {
    if (load<i32>(sizes + (<usize>s << 2)) <= LONG) continue;
    const first = load<i32>(firsts + (<usize>s << 2)), row = to + <usize>s * bytes;
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) v128.store(row + at, sumOfList4(x + at, bytes, first, nexts));
    for (; at < bytes; at += 4) store<f32>(row + at, sumOfList(x + at, bytes, first, nexts));
  }
}

/** Of four columns. */
function sumOfList4(x: usize, bytes: usize, first: i32, nexts: usize): v128 {
  let low = f64x2.splat(0), high = low;
  for (let i = first; i >= 0; i = load<i32>(nexts + (<usize>i << 2))) {
    const at = x + <usize>i * bytes;
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(at)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
  }
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

function sumOfList(x: usize, bytes: usize, first: i32, nexts: usize): f32 {
  let sum: f64 = 0;
  for (let i = first; i >= 0; i = load<i32>(nexts + (<usize>i << 2))) sum += <f64>load<f32>(x + <usize>i * bytes);
  return <f32>sum;
}

function addTo(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
  }
}

/** `[count, depth]` 4-byte values: `on` where the column is the row's index, else `off`; both are bits. */
export function oneHot(indices: usize, to: usize, count: i32, depth: i32, on: i32, off: i32): void {
  fill(to, off, count * depth);
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + (<usize>i << 2));
    if (<u32>index < <u32>depth) store<i32>(to + (<usize>(i * depth + index) << 2), on);
  }
}

/** Copies bytes; the two may overlap. */
export function copy(from: usize, to: usize, bytes: i32): void {
  memory.copy(to, from, bytes);
}
