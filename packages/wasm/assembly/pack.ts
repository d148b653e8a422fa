// Copies of parts of a product's factors, in the order in which tiles read them: panels of 8 columns of B, of ROWS rows of A.
import { loadSome, ROWS } from './tiles';
import { storeTurned } from './turn';

/**
 * Panels of 8 columns of `[depth, columns]`, rows `row` bytes apart: each `[depth, 8]`, the last one not filled up. Four at
 * once, since a row's next columns come with the same lines of the cache.
 */
export function packColumns(from: usize, row: usize, to: usize, depth: i32, columns: i32): void {
  const panel = <usize>depth << 5;
  let j = 0;
  for (; j + 32 <= columns; j += 32) {
    let at = from + (<usize>j << 2);
    for (const end = to + panel; to < end; to += 32) {
      copy8(at, to);
      copy8(at + 32, to + panel);
      copy8(at + 64, to + panel * 2);
      copy8(at + 96, to + panel * 3);
      at += row;
    }
    to += panel * 3;
  }
  for (; j + 8 <= columns; j += 8) {
    let at = from + (<usize>j << 2);
    for (const end = to + panel; to < end; to += 32) {
      copy8(at, to);
      at += row;
    }
  }
  if (j == columns) return;
  const some = columns - j;
  let at = from + (<usize>j << 2);
  for (const end = to + panel; to < end; to += 32) {
    v128.store(to, loadSome(at, some));
    if (some > 4) v128.store(to, loadSome(at + 16, some - 4), 16);
    at += row;
  }
}

// @ts-ignore: decorator
@inline
function copy8(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** The same panels of `[columns, depth]`: blocks of 4 x 4 are turned in registers. */
export function packTurned(from: usize, row: usize, to: usize, depth: i32, columns: i32): void {
  const end = <usize>(depth & ~3) << 2, left = depth & 3;
  for (; columns > 0; columns -= 8) {
    for (let k: usize = 0; k < end; k += 16) {
      turn(from + k, row, to, columns);
      if (columns > 4) turn(from + (row << 2) + k, row, to + 16, columns - 4);
      to += 128;
    }
    if (left) packPart(from + end, 4, row, to, left, min(columns, 8));
    to += <usize>left << 5;
    from += row << 3;
  }
}

/** `to[j, i] = from[i, j]`, 4 x 4, into rows of 8. Where there are fewer than four rows, the last one stands for those that lack. */
// @ts-ignore: decorator
@inline
function turn(from: usize, row: usize, to: usize, rows: i32): void {
  const at1 = rows > 1 ? from + row : from, at2 = rows > 2 ? at1 + row : at1, at3 = rows > 3 ? at2 + row : at2;
  const r0 = v128.load(from), r1 = v128.load(at1), r2 = v128.load(at2), r3 = v128.load(at3);
  storeTurned(r0, r1, r2, r3, to, 32);
}

/** `columns` of a panel of 8, one by one, and zeros in the place of others; steps along k and along the columns in bytes. */
function packPart(from: usize, step: usize, column: usize, to: usize, depth: i32, columns: i32): void {
  for (let k = depth; k > 0; k--) {
    v128.store(to, f32x4.splat(0));
    v128.store(to, f32x4.splat(0), 16);
    let at = from;
    for (let j = 0; j < columns; j++) {
      store<f32>(to + (<usize>j << 2), load<f32>(at));
      at += column;
    }
    from += step;
    to += 32;
  }
}

/** Panels of ROWS columns of `[depth, rows]`, rows `step` bytes apart; the last one isn't filled up. */
export function packRows(from: usize, step: usize, to: usize, depth: i32, rows: i32): void {
  const width = <usize>ROWS << 2, panel = <usize>depth * width;
  let i = 0;
  for (; i + 4 * ROWS <= rows; i += 4 * ROWS) {
    let at = from + (<usize>i << 2);
    for (const end = to + panel; to < end; to += width) {
      copyRow(at, to);
      copyRow(at + width, to + panel);
      copyRow(at + width * 2, to + panel * 2);
      copyRow(at + width * 3, to + panel * 3);
      at += step;
    }
    to += panel * 3;
  }
  for (; i + ROWS <= rows; i += ROWS) {
    let at = from + (<usize>i << 2);
    for (const end = to + panel; to < end; to += width) {
      copyRow(at, to);
      at += step;
    }
  }
  if (i == rows) return;
  let at = from + (<usize>i << 2);
  for (let k = depth; k > 0; k--) {
    for (let r = 0; r < rows - i; r++) store<f32>(to + (<usize>r << 2), load<f32>(at + (<usize>r << 2)));
    at += step;
    to += width;
  }
}

// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  if (ROWS == 6) store<u64>(to, load<u64>(from, 16), 16);
}
