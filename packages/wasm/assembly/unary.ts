// Operations on one operand of float32, four values at a time.
import { erf4, exp4, log4, sigmoid4, tanh4 } from './functions';
import { loadPart, square, storePart } from './lanes';

// @ts-ignore: decorator
@inline
function reluOf4(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0)); // keeps NaN, and -0
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
function erfOf4(x: v128): v128 {
  return erf4(x);
}

export function erf(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, erfOf4(v128.load(x)));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, erfOf4(loadPart(x, lanes)), lanes);
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
