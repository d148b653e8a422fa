// Elementwise operations on float32, four values at a time. Every kernel is one loop over `n` values; a tail of 1 … 3
// values goes through the same arithmetic in a register whose other lanes are left out.
//
// The forms of a binary operation: both operands as long as the result; a row `y[n]` under each of `rows` rows of x; a
// column `y[rows]` beside them; and a single value on either side (its strides are 0).
import { exp4, log4, tanh4, sigmoid4 } from './functions';

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** Loads the first `lanes` (1 … 3) of four values. */
// @ts-ignore: decorator
@inline
function loadPart(at: usize, lanes: i32): v128 {
  let x = v128.load32_zero(at);
  if (lanes > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (lanes > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

/** Stores the first `lanes` (1 … 3) of four values. */
// @ts-ignore: decorator
@inline
function storePart(at: usize, x: v128, lanes: i32): void {
  store<f32>(at, f32x4.extract_lane(x, 0));
  if (lanes > 1) store<f32>(at, f32x4.extract_lane(x, 1), 4);
  if (lanes > 2) store<f32>(at, f32x4.extract_lane(x, 2), 8);
}

// @ts-ignore: decorator
@inline
function add4(x: v128, y: v128): v128 {
  return f32x4.add(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function add(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, add4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, add4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function subtract4(x: v128, y: v128): v128 {
  return f32x4.sub(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function subtract(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, subtract4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, subtract4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function multiply4(x: v128, y: v128): v128 {
  return f32x4.mul(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function multiply(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, multiply4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, multiply4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function divide4(x: v128, y: v128): v128 {
  return f32x4.div(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function divide(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, divide4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, divide4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function maximum4(x: v128, y: v128): v128 {
  return f32x4.max(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function maximum(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, maximum4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, maximum4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function minimum4(x: v128, y: v128): v128 {
  return f32x4.min(x, y);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function minimum(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, minimum4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, minimum4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function squaredDifference4(x: v128, y: v128): v128 {
  return square(f32x4.sub(x, y));
}

/** Strides are 1, or 0 for an operand that is one value. */
export function squaredDifference(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, squaredDifference4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, squaredDifference4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

// @ts-ignore: decorator
@inline
function reluGradient4(x: v128, y: v128): v128 {
  return v128.and(y, f32x4.gt(x, f32x4.splat(0)));
}

/** Strides are 1, or 0 for an operand that is one value. */
export function reluGradient(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, reluGradient4(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += 16;
    y += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, reluGradient4(xStride ? loadPart(x, lanes) : x0, yStride ? loadPart(y, lanes) : y0), lanes);
  }
}

/** y is a row of `n` under each of the rows of x. */
export function addRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    add(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function addColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    add(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function subtractRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    subtract(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function subtractColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    subtract(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function multiplyRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    multiply(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function multiplyColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    multiply(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

/** y is a row of `n` under each of the rows of x. */
export function divideRow(x: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    divide(x, 1, y, 1, to, n);
    x += bytes;
    to += bytes;
  }
}

/** y is a column: one value for each of the rows of x; with `swapped`, x is the column and y has the rows. */
export function divideColumn(x: usize, y: usize, to: usize, rows: i32, n: i32, swapped: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    divide(x, swapped ? 0 : 1, y, swapped ? 1 : 0, to, n);
    x += swapped ? 4 : bytes;
    y += swapped ? bytes : 4;
    to += bytes;
  }
}

// @ts-ignore: decorator
@inline
function reluOf4(x: v128): v128 {
  return f32x4.max(x, f32x4.splat(0));
}

export function relu(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, reluOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, reluOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function negateOf4(x: v128): v128 {
  return f32x4.neg(x);
}

export function negate(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, negateOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, negateOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function expOf4(x: v128): v128 {
  return exp4(x);
}

export function exp(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, expOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, expOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function logOf4(x: v128): v128 {
  return log4(x);
}

export function log(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, logOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, logOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function tanhOf4(x: v128): v128 {
  return tanh4(x);
}

export function tanh(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, tanhOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, tanhOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function sigmoidOf4(x: v128): v128 {
  return sigmoid4(x);
}

export function sigmoid(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, sigmoidOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, sigmoidOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function squareRootOf4(x: v128): v128 {
  return f32x4.sqrt(x);
}

export function squareRoot(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, squareRootOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, squareRootOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function reciprocalSquareRootOf4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
}

export function reciprocalSquareRoot(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, reciprocalSquareRootOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, reciprocalSquareRootOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function squaresOf4(x: v128): v128 {
  return square(x);
}

export function squares(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, squaresOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, squaresOf4(loadPart(x, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function castIntOf4(x: v128): v128 {
  return f32x4.convert_i32x4_s(x);
}

export function castInt(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, castIntOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, castIntOf4(loadPart(x, lanes)), lanes);
}

/** `w -= g rate`, each operation rounded; `rate` is the address of one value. */
export function descend(w: usize, g: usize, rate: usize, n: i32): void {
  const r = v128.load32_splat(rate);
  const end = w + (<usize>n << 2), wide = end - 15;
  for (; w < wide; w += 16) {
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(v128.load(g), r)));
    g += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(w, f32x4.sub(loadPart(w, lanes), f32x4.mul(loadPart(g, lanes), r)), lanes);
}
