// Operations on one operand of float32. Eight values at a time, so that two long chains of arithmetic overlap; a tail of
// 1 … 3 goes through the same arithmetic in a register filled in part.
import { constants } from './constants';
import { erf4, exp4, log4, sigmoid4, tanh4 } from './functions';
import { loadPart, square, storePart } from './lanes';

const RELU: i32 = 0, NEGATE: i32 = 1, EXP: i32 = 2, LOG: i32 = 3;
const TANH: i32 = 4, ERF: i32 = 5, SIGMOID: i32 = 6, SQUARE_ROOT: i32 = 7;
const RECIPROCAL_SQUARE_ROOT: i32 = 8, SQUARES: i32 = 9, CAST_INT: i32 = 10, SQUARED_RELU: i32 = 11;
const BFLOAT16: i32 = 12;

/** The operation is a constant wherever this is called, so that each exported function has its own loop without a test. */
// @ts-ignore: decorator
@inline
function apply(operation: i32, x: v128, k: usize): v128 {
  if (operation == RELU) return f32x4.pmax(x, f32x4.splat(0)); // keeps NaN, and -0
  if (operation == NEGATE) return f32x4.neg(x);
  if (operation == EXP) return exp4(x, k);
  if (operation == LOG) return log4(x);
  if (operation == TANH) return tanh4(x, k);
  if (operation == ERF) return erf4(x, k);
  if (operation == SIGMOID) return sigmoid4(x, k);
  if (operation == SQUARE_ROOT) return f32x4.sqrt(x);
  if (operation == RECIPROCAL_SQUARE_ROOT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  if (operation == SQUARES) return square(x);
  if (operation == SQUARED_RELU) return square(f32x4.pmax(x, f32x4.splat(0)));
  if (operation == BFLOAT16) {
    const large = f32x4.mul(x, f32x4.splat(65537));
    return f32x4.sub(large, f32x4.sub(large, x));
  }
  return f32x4.convert_i32x4_s(x); // CAST_INT
}

// @ts-ignore: decorator
@inline
function run(operation: i32, x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 31, k = constants();
  for (; to < wide; to += 32) {
    const low = apply(operation, v128.load(x), k);
    v128.store(to, apply(operation, v128.load(x, 16), k), 16);
    v128.store(to, low);
    x += 32;
  }
  if (n & 4) {
    v128.store(to, apply(operation, v128.load(x), k));
    x += 16;
    to += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, apply(operation, loadPart(x, lanes), k), lanes);
}

export function relu(x: usize, to: usize, n: i32): void {
  run(RELU, x, to, n);
}

export function negate(x: usize, to: usize, n: i32): void {
  run(NEGATE, x, to, n);
}

export function exp(x: usize, to: usize, n: i32): void {
  run(EXP, x, to, n);
}

export function log(x: usize, to: usize, n: i32): void {
  run(LOG, x, to, n);
}

export function tanh(x: usize, to: usize, n: i32): void {
  run(TANH, x, to, n);
}

export function erf(x: usize, to: usize, n: i32): void {
  run(ERF, x, to, n);
}

export function sigmoid(x: usize, to: usize, n: i32): void {
  run(SIGMOID, x, to, n);
}

export function squareRoot(x: usize, to: usize, n: i32): void {
  run(SQUARE_ROOT, x, to, n);
}

export function reciprocalSquareRoot(x: usize, to: usize, n: i32): void {
  run(RECIPROCAL_SQUARE_ROOT, x, to, n);
}

export function squares(x: usize, to: usize, n: i32): void {
  run(SQUARES, x, to, n);
}

export function squaredRelu(x: usize, to: usize, n: i32): void {
  run(SQUARED_RELU, x, to, n);
}

/** x with 8 significant bits, by Veltkamp's splitting; NaN from 2^111 on. */
export function bfloat16(x: usize, to: usize, n: i32): void {
  run(BFLOAT16, x, to, n);
}

export function castInt(x: usize, to: usize, n: i32): void {
  run(CAST_INT, x, to, n);
}

/** x, but at least `low` and at most `high`; NaN stays. */
export function clip(x: usize, to: usize, n: i32, low: f64, high: f64): void {
  const least = f32x4.splat(<f32>low), most = f32x4.splat(<f32>high);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.pmax(f32x4.pmin(v128.load(x), most), least));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, f32x4.pmax(f32x4.pmin(loadPart(x, lanes), most), least), lanes);
}
