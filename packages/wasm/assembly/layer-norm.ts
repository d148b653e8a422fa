// Layer normalisation over rows, and that by the root mean square, which is one around 0; sums in lanes, as in reductions.ts.
import { add } from './binary';
import { dot } from './dot';
import { firstLanes, loadPart, square, storePart, sumOfLanes } from './lanes';
import { BLOCK, LONG, sumOf } from './reductions';

/**
 * `y = (x - mean) / √(variance + epsilon) · weight + bias` for each row of n; variance is the mean of squares of
 * `x - mean`. Mean and `1 / √(variance + epsilon)` of each row are written too. Each of the three may lie
 * where x does. With 0 for the means' address the mean counts as 0, with 0 for that of the bias so does it. With a residual (an address, or 0 for none) `sum = x + residual`, which is written too, takes the place of x; each of
 * what is written may lie where one of the two does.
 */
export function layerNorm(
  x: usize, residual: usize, weight: usize, bias: usize,
  sum: usize, y: usize, means: usize, inverses: usize, rows: i32, n: i32, epsilon: f64,
): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    let row = x;
    if (residual) {
      add(x, 1, residual, 1, sum, n);
      row = sum;
      sum += bytes;
      residual += bytes;
    }
    const mean = means ? <f32>(sumOf(row, n) / <f64>n) : 0;
    const inverse: f32 = 1 / sqrt<f32>(sumOfSquares(row, n, mean) / <f32>n + <f32>epsilon);
    normalise(row, weight, bias, y, n, mean, inverse);
    if (means) {
      store<f32>(means, mean); // after x has been read, where they may lie
      means += 4;
    }
    store<f32>(inverses, inverse);
    x += bytes;
    y += bytes;
    inverses += 4;
  }
}

/** `Σ (x - mean)²`. */
function sumOfSquares(x: usize, n: i32, mean: f32): f32 {
  if (n <= LONG) return squaresOfBlock(x, n, mean);
  let sum: f64 = 0;
  for (; n > 0; n -= BLOCK) {
    sum += <f64>squaresOfBlock(x, min(n, BLOCK), mean);
    x += BLOCK << 2;
  }
  return <f32>sum;
}

function squaresOfBlock(x: usize, n: i32, mean: f32): f32 {
  const centre = f32x4.splat(mean);
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) sums = f32x4.add(sums, square(f32x4.sub(v128.load(x), centre)));
  const lanes = n & 3;
  if (lanes) {
    const values = square(f32x4.sub(loadPart(x, lanes), centre));
    sums = f32x4.add(sums, v128.and(values, firstLanes(lanes)));
  }
  return sumOfLanes(sums);
}

// @ts-ignore: decorator
@inline
function normal4(x: v128, weight: v128, bias: v128, centre: v128, factor: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(x, centre), factor), weight), bias);
}

function normalise(x: usize, weight: usize, bias: usize, y: usize, n: i32, mean: f32, inverse: f32): void {
  const centre = f32x4.splat(mean), factor = f32x4.splat(inverse);
  const end = y + (<usize>n << 2), wide = end - 15;
  for (; y < wide; y += 16) {
    let b = f32x4.splat(0);
    if (bias) {
      b = v128.load(bias);
      bias += 16;
    }
    v128.store(y, normal4(v128.load(x), v128.load(weight), b, centre, factor));
    x += 16;
    weight += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const w = loadPart(weight, lanes), b = bias ? loadPart(bias, lanes) : f32x4.splat(0);
    storePart(y, normal4(loadPart(x, lanes), w, b, centre, factor), lanes);
  }
}

/**
 * The gradients of the same. With `h = (x - mean) inverse` and `g = dy weight`, a row of dx is
 * `inverse (g - Σ g / n - h Σ g h / n)`; `dWeight = Σ dy h` and `dBias = Σ dy` over the rows, in their order.
 * `dx` may be dy or x. With a residual (an address, or 0 for none) it is added to dx, which may lie there. Scratch, where there
 * are more than LONG rows: 4 n values, for sums in double precision. With 0 for the means' address they and `Σ g` count as 0; with
 * 0 for that of dBias it isn't written.
 */
export function layerNormGradient(
  x: usize, weight: usize, means: usize, inverses: usize, dy: usize, residual: usize,
  dx: usize, dWeight: usize, dBias: usize, rows: i32, n: i32, scratch: usize,
): void {
  const bytes = <usize>n << 2, isLong = rows > LONG;
  memory.fill(dWeight, 0, bytes);
  if (dBias) memory.fill(dBias, 0, bytes);
  if (isLong) memory.fill(scratch, 0, bytes << 2);
  for (let i = 0; i < rows; i++) {
    if (isLong && (i & (BLOCK - 1)) == 0) {
      moveTo(scratch, dWeight, n);
      if (dBias) moveTo(scratch + (bytes << 1), dBias, n);
    }
    const mean = means ? load<f32>(means) : 0, inverse = load<f32>(inverses);
    const sum = means ? dot(dy, weight, n) : 0;
    const moment = sumOfMoments(x, weight, dy, n, mean, inverse);
    addParameters(x, dy, dWeight, dBias, n, mean, inverse);
    rowGradient(x, weight, dy, residual, dx, n, mean, inverse, sum / <f32>n, moment / <f32>n);
    x += bytes;
    if (residual) residual += bytes;
    dy += bytes;
    dx += bytes;
    if (means) means += 4;
    inverses += 4;
  }
  if (isLong) {
    finish(scratch, dWeight, n);
    if (dBias) finish(scratch + (bytes << 1), dBias, n);
  }
}

/** `totals += x; x = 0`; the totals are float64. */
function moveTo(totals: usize, x: usize, n: i32): void {
  for (let j = 0; j < n; j++) {
    store<f64>(totals, load<f64>(totals) + <f64>load<f32>(x));
    store<f32>(x, 0);
    totals += 8;
    x += 4;
  }
}

/** `x = totals + x`. */
function finish(totals: usize, x: usize, n: i32): void {
  for (let j = 0; j < n; j++) {
    store<f32>(x, <f32>(load<f64>(totals) + <f64>load<f32>(x)));
    totals += 8;
    x += 4;
  }
}

/** `Σ g h`. */
function sumOfMoments(x: usize, weight: usize, dy: usize, n: i32, mean: f32, inverse: f32): f32 {
  if (n <= LONG) return momentsOfBlock(x, weight, dy, n, mean, inverse);
  let sum: f64 = 0;
  for (; n > 0; n -= BLOCK) {
    sum += <f64>momentsOfBlock(x, weight, dy, min(n, BLOCK), mean, inverse);
    x += BLOCK << 2;
    weight += BLOCK << 2;
    dy += BLOCK << 2;
  }
  return <f32>sum;
}

function momentsOfBlock(x: usize, weight: usize, dy: usize, n: i32, mean: f32, inverse: f32): f32 {
  const centre = f32x4.splat(mean), factor = f32x4.splat(inverse);
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) {
    const h = f32x4.mul(f32x4.sub(v128.load(x), centre), factor);
    sums = f32x4.add(sums, f32x4.mul(f32x4.mul(v128.load(dy), v128.load(weight)), h));
    weight += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const h = f32x4.mul(f32x4.sub(loadPart(x, lanes), centre), factor);
    const g = f32x4.mul(loadPart(dy, lanes), loadPart(weight, lanes));
    sums = f32x4.add(sums, v128.and(f32x4.mul(g, h), firstLanes(lanes)));
  }
  return sumOfLanes(sums);
}

function addParameters(x: usize, dy: usize, dWeight: usize, dBias: usize, n: i32, mean: f32, inverse: f32): void {
  const centre = f32x4.splat(mean), factor = f32x4.splat(inverse);
  const end = dWeight + (<usize>n << 2), wide = end - 15;
  for (; dWeight < wide; dWeight += 16) {
    const g = v128.load(dy), h = f32x4.mul(f32x4.sub(v128.load(x), centre), factor);
    v128.store(dWeight, f32x4.add(v128.load(dWeight), f32x4.mul(g, h)));
    if (dBias) {
      v128.store(dBias, f32x4.add(v128.load(dBias), g));
      dBias += 16;
    }
    x += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const g = loadPart(dy, lanes), h = f32x4.mul(f32x4.sub(loadPart(x, lanes), centre), factor);
    storePart(dWeight, f32x4.add(loadPart(dWeight, lanes), f32x4.mul(g, h)), lanes);
    if (dBias) storePart(dBias, f32x4.add(loadPart(dBias, lanes), g), lanes);
  }
}

// @ts-ignore: decorator
@inline
function gradient4(x: v128, g: v128, centre: v128, factor: v128, sum: v128, moment: v128): v128 {
  const h = f32x4.mul(f32x4.sub(x, centre), factor);
  return f32x4.mul(factor, f32x4.sub(f32x4.sub(g, sum), f32x4.mul(h, moment)));
}

function rowGradient(
  x: usize, weight: usize, dy: usize, residual: usize, dx: usize,
  n: i32, mean: f32, inverse: f32, sum: f32, moment: f32,
): void {
  const centre = f32x4.splat(mean), factor = f32x4.splat(inverse), s = f32x4.splat(sum), m = f32x4.splat(moment);
  const end = dx + (<usize>n << 2), wide = end - 15;
  for (; dx < wide; dx += 16) {
    const g = f32x4.mul(v128.load(dy), v128.load(weight));
    let slope = gradient4(v128.load(x), g, centre, factor, s, m);
    if (residual) {
      slope = f32x4.add(slope, v128.load(residual));
      residual += 16;
    }
    v128.store(dx, slope);
    x += 16;
    weight += 16;
    dy += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    const g = f32x4.mul(loadPart(dy, lanes), loadPart(weight, lanes));
    let slope = gradient4(loadPart(x, lanes), g, centre, factor, s, m);
    if (residual) slope = f32x4.add(slope, loadPart(residual, lanes));
    storePart(dx, slope, lanes);
  }
}
