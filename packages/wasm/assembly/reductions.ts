// Sums, means and maxima of float32. Rows are reduced one after another, values in four running sums that are added
// pairwise at the end; columns in the order of the rows.
import { firstLanes, loadPart, sumOfLanes } from './lanes';

// @ts-ignore: decorator
@inline
export function sumOf(x: usize, n: i32): f32 {
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) sums = f32x4.add(sums, v128.load(x));
  let sum = sumOfLanes(sums);
  for (; x < end; x += 4) sum += load<f32>(x);
  return sum;
}

/** `to[i] = Σ_j x[i, j]`. */
export function sumRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), sumOf(x, n));
    x += bytes;
  }
}

/** `to[i] = Σ_j x[i, j] / n`. */
export function meanRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), sumOf(x, n) / <f32>n);
    x += bytes;
  }
}

/** The largest of n values; NaN if one is, -∞ of none. NaNs are looked for apart: `max` is seven instructions, `pmax` one. */
export function maxOf(x: usize, n: i32): f32 {
  let most = f32x4.splat(-Infinity), nans = i32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    const values = v128.load(x);
    most = f32x4.pmax(most, values);
    nans = v128.or(nans, f32x4.ne(values, values));
  }
  const lanes = n & 3;
  if (lanes) {
    const values = v128.bitselect(loadPart(x, lanes), most, firstLanes(lanes));
    most = f32x4.pmax(most, values);
    nans = v128.or(nans, f32x4.ne(values, values));
  }
  if (v128.any_true(nans)) return NaN;
  most = f32x4.pmax(most, i64x2.shuffle(most, most, 1, 0));
  return max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
}

/** `to[i] = max_j x[i, j]`; NaN if one is. */
export function maxRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), maxOf(x, n));
    x += bytes;
  }
}

/** `to[j] = Σ_i x[i, j]`. */
export function sumColumns(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let sum = f32x4.splat(0), at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += bytes;
    }
    v128.store(to + (<usize>j << 2), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = 0, at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++) {
      sum += load<f32>(at);
      at += bytes;
    }
    store<f32>(to + (<usize>j << 2), sum);
  }
}

/** `to[p, j] = Σ_i x[p, i, j]`. */
export function sumPlanes(x: usize, to: usize, planes: i32, rows: i32, n: i32): void {
  const row = <usize>n << 2;
  for (let p = 0; p < planes; p++) {
    sumColumns(x, to, rows, n);
    x += <usize>rows * row;
    to += row;
  }
}
