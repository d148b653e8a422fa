// Sums, means and maxima of float32. Rows are reduced one after another, values in four running sums that are added
// pairwise at the end; columns in the order of the rows. What is longer than LONG is added in double precision, and so
// is what would overflow in single.
import { maximum } from './binary';
import { firstLanes, loadPart, square, sumOfLanes } from './lanes';

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

/** `to = Σ x²`, each square rounded, in the same order as `sumRows` of the squares. */
export function sumSquares(x: usize, to: usize, n: i32): void {
  store<f32>(to, n > LONG ? preciseSumOfSquares(x, n) : sumOfSquares(x, n));
}

function sumOfSquares(x: usize, n: i32): f32 {
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15, start = x;
  for (; x < wide; x += 16) sums = f32x4.add(sums, square(v128.load(x)));
  let sum = sumOfLanes(sums);
  for (; x < end; x += 4) sum += load<f32>(x) * load<f32>(x);
  return isFinite(sum) ? sum : preciseSumOfSquares(start, n);
}

function preciseSumOfSquares(x: usize, n: i32): f32 {
  let low = f64x2.splat(0), high = low;
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    const squares = square(v128.load(x));
    low = f64x2.add(low, f64x2.promote_low_f32x4(squares));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i64x2.shuffle(squares, squares, 1, 0)));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; x < end; x += 4) sum += <f64>(load<f32>(x) * load<f32>(x));
  return <f32>sum;
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

/** `to[j] = Σ_i x[i, j]`. Scratch, where there are more than LONG rows: n values in double precision. */
export function sumColumns(x: usize, to: usize, rows: i32, n: i32, scratch: usize): void {
  columns(x, to, rows, n, 1, scratch);
}

/** `to[j] = Σ_i x[i, j] / rows`. Scratch as above. */
export function meanColumns(x: usize, to: usize, rows: i32, n: i32, scratch: usize): void {
  columns(x, to, rows, n, rows, scratch);
}

/** How many columns are added at once: their sums fill eight registers, and of a row they are whole cache lines. */
const WIDE: i32 = 32;
const WIDE_LONG: i32 = 16;
/** How many rows a block of columns is added of before the next block, where there are many: so they stay in the cache. */
const ROWS: i32 = 64;

/** The sums of the columns by a divisor. */
function columns(x: usize, to: usize, rows: i32, n: i32, divisor: i32, scratch: usize): void {
  if (rows > LONG) return longColumns(x, to, rows, n, <f64>divisor, scratch);
  const bytes = <usize>n << 2;
  let j = 0;
  for (; j + WIDE <= n; j += WIDE) {
    const at = <usize>j << 2;
    wideColumns(x + at, to + at, rows, bytes, divisor);
  }
  for (; j + 4 <= n; j += 4) {
    const first = x + (<usize>j << 2);
    let sum = f32x4.splat(0), at = first;
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += bytes;
    }
    storeColumns(first, to + (<usize>j << 2), rows, bytes, divisor, sum);
  }
  for (; j < n; j++) {
    const first = x + (<usize>j << 2);
    let sum: f32 = 0, at = first;
    for (let i = 0; i < rows; i++) {
      sum += load<f32>(at);
      at += bytes;
    }
    store<f32>(to + (<usize>j << 2), isFinite(sum) ? sum / <f32>divisor : preciseColumn(first, rows, bytes, <f64>divisor));
  }
}

/** The same of many rows, in double precision; the sums of so many rows as have been added lie in the scratch memory. */
function longColumns(x: usize, to: usize, rows: i32, n: i32, divisor: f64, scratch: usize): void {
  const bytes = <usize>n << 2, wide = n & -WIDE_LONG;
  memory.fill(scratch, 0, <usize>wide << 3);
  for (let i = 0; i < rows; i += ROWS) {
    const first = x + <usize>i * bytes, count = min(ROWS, rows - i);
    for (let j = 0; j < wide; j += WIDE_LONG) addColumns(first + (<usize>j << 2), scratch + (<usize>j << 3), count, bytes);
  }
  for (let j = 0; j < wide; j += 4) {
    const at = scratch + (<usize>j << 3);
    v128.store(to + (<usize>j << 2), quotients4(v128.load(at), v128.load(at, 16), divisor));
  }
  let j = wide;
  for (; j + 4 <= n; j += 4) {
    const at = <usize>j << 2;
    v128.store(to + at, preciseColumns(x + at, rows, bytes, divisor));
  }
  for (; j < n; j++) {
    const at = <usize>j << 2;
    store<f32>(to + at, preciseColumn(x + at, rows, bytes, divisor));
  }
}

/** Four sums by the divisor, or taken again in double precision where one is NaN or infinite. */
// @ts-ignore: decorator
@inline
function storeColumns(x: usize, to: usize, rows: i32, bytes: usize, divisor: i32, sum: v128): void {
  // NaN and infinities less themselves are NaN.
  const isPrecise = v128.any_true(f32x4.ne(f32x4.sub(sum, sum), f32x4.splat(0)));
  const result = isPrecise ? preciseColumns(x, rows, bytes, <f64>divisor) : f32x4.div(sum, f32x4.splat(<f32>divisor));
  v128.store(to, result);
}

/** WIDE columns. */
function wideColumns(x: usize, to: usize, rows: i32, bytes: usize, divisor: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, at = x;
  for (let i = 0; i < rows; i++) {
    s0 = f32x4.add(s0, v128.load(at));
    s1 = f32x4.add(s1, v128.load(at, 16));
    s2 = f32x4.add(s2, v128.load(at, 32));
    s3 = f32x4.add(s3, v128.load(at, 48));
    s4 = f32x4.add(s4, v128.load(at, 64));
    s5 = f32x4.add(s5, v128.load(at, 80));
    s6 = f32x4.add(s6, v128.load(at, 96));
    s7 = f32x4.add(s7, v128.load(at, 112));
    at += bytes;
  }
  storeColumns(x, to, rows, bytes, divisor, s0);
  storeColumns(x + 16, to + 16, rows, bytes, divisor, s1);
  storeColumns(x + 32, to + 32, rows, bytes, divisor, s2);
  storeColumns(x + 48, to + 48, rows, bytes, divisor, s3);
  storeColumns(x + 64, to + 64, rows, bytes, divisor, s4);
  storeColumns(x + 80, to + 80, rows, bytes, divisor, s5);
  storeColumns(x + 96, to + 96, rows, bytes, divisor, s6);
  storeColumns(x + 112, to + 112, rows, bytes, divisor, s7);
}

/** Adds WIDE_LONG columns to their sums, which are in double precision. */
function addColumns(x: usize, sums: usize, rows: i32, bytes: usize): void {
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
  let s4 = v128.load(sums, 64), s5 = v128.load(sums, 80), s6 = v128.load(sums, 96), s7 = v128.load(sums, 112);
  for (let i = 0; i < rows; i++) {
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v128.load64_zero(x, 16)));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.load64_zero(x, 24)));
    s4 = f64x2.add(s4, f64x2.promote_low_f32x4(v128.load64_zero(x, 32)));
    s5 = f64x2.add(s5, f64x2.promote_low_f32x4(v128.load64_zero(x, 40)));
    s6 = f64x2.add(s6, f64x2.promote_low_f32x4(v128.load64_zero(x, 48)));
    s7 = f64x2.add(s7, f64x2.promote_low_f32x4(v128.load64_zero(x, 56)));
    x += bytes;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);
  v128.store(sums, s5, 80);
  v128.store(sums, s6, 96);
  v128.store(sums, s7, 112);
}

/** Four sums in double precision by a divisor, rounded. */
// @ts-ignore: decorator
@inline
function quotients4(low: v128, high: v128, divisor: f64): v128 {
  const by = f64x2.splat(divisor);
  const first = f32x4.demote_f64x2_zero(f64x2.div(low, by)), second = f32x4.demote_f64x2_zero(f64x2.div(high, by));
  return i64x2.shuffle(first, second, 0, 2);
}

/** The sums of four columns by a divisor. */
function preciseColumns(x: usize, rows: i32, bytes: usize, divisor: f64): v128 {
  let low = f64x2.splat(0), high = low;
  for (let i = 0; i < rows; i++) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
    x += bytes;
  }
  return quotients4(low, high, divisor);
}

function preciseColumn(x: usize, rows: i32, bytes: usize, divisor: f64): f32 {
  let sum: f64 = 0;
  for (let i = 0; i < rows; i++) {
    sum += <f64>load<f32>(x);
    x += bytes;
  }
  return <f32>(sum / divisor);
}

/** `to[p, j] = Σ_i x[p, i, j]`. Scratch as above. */
export function sumPlanes(x: usize, to: usize, planes: i32, rows: i32, n: i32, scratch: usize): void {
  planesOf(x, to, planes, rows, n, 1, scratch);
}

/** `to[p, j] = Σ_i x[p, i, j] / rows`. Scratch as above. */
export function meanPlanes(x: usize, to: usize, planes: i32, rows: i32, n: i32, scratch: usize): void {
  planesOf(x, to, planes, rows, n, rows, scratch);
}

function planesOf(x: usize, to: usize, planes: i32, rows: i32, n: i32, divisor: i32, scratch: usize): void {
  const row = <usize>n << 2;
  for (let p = 0; p < planes; p++) {
    columns(x, to, rows, n, divisor, scratch);
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
