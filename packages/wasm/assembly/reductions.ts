// Sums, means and maxima of float32. Rows are reduced one after another, values in four running sums that are added
// pairwise at the end; columns in the order of the rows. What is longer than LONG is added in double precision, and so
// is what would overflow in single.
import { maximum } from './binary';
import { firstLanes, loadPart, sumOfLanes } from './lanes';

/**
 * Sums of more values than this lose digits in single precision: the mean of 228,146 losses of 4.39 came out 7e-5 too
 * small (docs/decisions/0007-sums-in-blocks.md). Shorter ones keep the digits that runs have always had.
 */
export const LONG: i32 = 512;

/** Where more is done with values than to add them, long sums are of blocks in single precision, added in double. */
export const BLOCK: i32 = 64;

// @ts-ignore: decorator
@inline
export function sumOf(x: usize, n: i32): f64 {
  if (n > LONG) return preciseSumOf(x, n);
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15, start = x;
  for (; x < wide; x += 16) sums = f32x4.add(sums, v128.load(x));
  let sum = sumOfLanes(sums);
  for (; x < end; x += 4) sum += load<f32>(x);
  return isFinite(sum) ? <f64>sum : preciseSumOf(start, n);
}

function preciseSumOf(x: usize, n: i32): f64 {
  let low = f64x2.splat(0), high = low;
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; x < end; x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/** `to[i] = Σ_j x[i, j]`. */
export function sumRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), <f32>sumOf(x, n));
    x += bytes;
  }
}

/** `to[i] = Σ_j x[i, j] / n`. */
export function meanRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), <f32>(sumOf(x, n) / <f64>n));
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
  columns(x, to, rows, n, 1);
}

/** `to[j] = Σ_i x[i, j] / rows`. */
export function meanColumns(x: usize, to: usize, rows: i32, n: i32): void {
  columns(x, to, rows, n, rows);
}

/** The sums of the columns by a divisor. */
function columns(x: usize, to: usize, rows: i32, n: i32, divisor: i32): void {
  const bytes = <usize>n << 2, by = f32x4.splat(<f32>divisor);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const first = x + (<usize>j << 2);
    let sum = f32x4.splat(0), at = first;
    for (let i = rows > LONG ? rows : 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += bytes;
    }
    // NaN and infinities less themselves are NaN.
    const isPrecise = rows > LONG || v128.any_true(f32x4.ne(f32x4.sub(sum, sum), f32x4.splat(0)));
    v128.store(to + (<usize>j << 2), isPrecise ? preciseColumns(first, rows, bytes, <f64>divisor) : f32x4.div(sum, by));
  }
  for (; j < n; j++) {
    const first = x + (<usize>j << 2);
    let sum: f32 = 0, at = first;
    for (let i = rows > LONG ? rows : 0; i < rows; i++) {
      sum += load<f32>(at);
      at += bytes;
    }
    const isPrecise = rows > LONG || !isFinite(sum);
    store<f32>(to + (<usize>j << 2), isPrecise ? preciseColumn(first, rows, bytes, <f64>divisor) : sum / <f32>divisor);
  }
}

/** The sums of four columns by a divisor. */
function preciseColumns(x: usize, rows: i32, bytes: usize, divisor: f64): v128 {
  let low = f64x2.splat(0), high = low;
  for (let i = 0; i < rows; i++) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
    x += bytes;
  }
  const by = f64x2.splat(divisor);
  const first = f32x4.demote_f64x2_zero(f64x2.div(low, by)), second = f32x4.demote_f64x2_zero(f64x2.div(high, by));
  return i64x2.shuffle(first, second, 0, 2);
}

function preciseColumn(x: usize, rows: i32, bytes: usize, divisor: f64): f32 {
  let sum: f64 = 0;
  for (let i = 0; i < rows; i++) {
    sum += <f64>load<f32>(x);
    x += bytes;
  }
  return <f32>(sum / divisor);
}

/** `to[p, j] = Σ_i x[p, i, j]`. */
export function sumPlanes(x: usize, to: usize, planes: i32, rows: i32, n: i32): void {
  planesOf(x, to, planes, rows, n, 1);
}

/** `to[p, j] = Σ_i x[p, i, j] / rows`. */
export function meanPlanes(x: usize, to: usize, planes: i32, rows: i32, n: i32): void {
  planesOf(x, to, planes, rows, n, rows);
}

function planesOf(x: usize, to: usize, planes: i32, rows: i32, n: i32, divisor: i32): void {
  const row = <usize>n << 2;
  for (let p = 0; p < planes; p++) {
    columns(x, to, rows, n, divisor);
    x += <usize>rows * row;
    to += row;
  }
}

/** `to[j] = max_i x[i, j]`; NaN if one is, -∞ of none. */
export function maxColumns(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2, end = to + bytes;
  for (let at = to; at < end; at += 4) store<f32>(at, -Infinity);
  for (let i = 0; i < rows; i++) {
    maximum(x, 1, to, 1, to, n);
    x += bytes;
  }
}
