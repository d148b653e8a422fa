// Operations on two operands of float32, four values at a time: both as long as the result, or one of them a single
// value (its stride is 0). A tail of 1 … 3 values goes through the same arithmetic in a register filled in part.
import { loadPart, square, storePart } from './lanes';

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
