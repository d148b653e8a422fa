// Matrix product in tiles of 4 rows and 8 columns: 8 accumulators, 2 loads and 4 splats a step, which fit into the 16
// registers of x86-64. Not unrolled: that spills registers.
import { transpose } from './layout';

/**
 * Products are summed in blocks of this size, and then the blocks. Over 10,000 steps of the lecture's runs plain sums drifted
 * 2e-3 from PyTorch's validation loss, these 4e-4 (docs/decisions/0007-sums-in-blocks.md); 1 to 3 % slower. Fused
 * multiply-adds round once, as PyTorch's do, and agree without.
 */
const BLOCK: i32 = ASC_FEATURE_RELAXED_SIMD ? i32.MAX_VALUE : 64;

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  // ASC_FEATURE_RELAXED_SIMD is a constant of the compiler: each binary has one branch.
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
function finish(x: v128, bias: v128, activation: i32): v128 {
  const y = f32x4.add(x, bias);
  return activation ? f32x4.pmax(y, f32x4.splat(0)) : y; // keeps NaN
}

/**
 * Four rows: `C[0..4, 0..8] = A[0..4, K] B[K, 0..8]`. Strides in bytes; `columns` of the 8 are stored.
 * With `bias` (an address or 0) it is added last, with `activation` 1 followed by ReLU.
 */
function tile4(
  a: usize, rowStride: usize, stepStride: usize,
  b: usize, bStride: usize,
  c: usize, cStride: usize,
  K: i32, columns: i32, bias: usize, activation: i32,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let t00 = c00, t01 = c00, t10 = c00, t11 = c00;
  let t20 = c00, t21 = c00, t30 = c00, t31 = c00;
  let a1 = a + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride;
  for (let left = K; left > 0; left -= BLOCK) {
    c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = f32x4.splat(0);
    for (let k = min(left, BLOCK); k > 0; k--) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += stepStride;
      a1 += stepStride;
      a2 += stepStride;
      a3 += stepStride;
      b += bStride;
    }
    t00 = f32x4.add(t00, c00);
    t01 = f32x4.add(t01, c01);
    t10 = f32x4.add(t10, c10);
    t11 = f32x4.add(t11, c11);
    t20 = f32x4.add(t20, c20);
    t21 = f32x4.add(t21, c21);
    t30 = f32x4.add(t30, c30);
    t31 = f32x4.add(t31, c31);
  }
  store8(c, t00, t01, columns, bias, activation);
  c += cStride;
  store8(c, t10, t11, columns, bias, activation);
  c += cStride;
  store8(c, t20, t21, columns, bias, activation);
  store8(c + cStride, t30, t31, columns, bias, activation);
}

/** One row of the same. */
function tile1(
  a: usize, stepStride: usize,
  b: usize, bStride: usize,
  c: usize,
  K: i32, columns: i32, bias: usize, activation: i32,
): void {
  let c0 = f32x4.splat(0), c1 = c0, t0 = c0, t1 = c0;
  for (let left = K; left > 0; left -= BLOCK) {
    c0 = c1 = f32x4.splat(0);
    for (let k = min(left, BLOCK); k > 0; k--) {
      const x = v128.load32_splat(a);
      c0 = madd(x, v128.load(b), c0);
      c1 = madd(x, v128.load(b, 16), c1);
      a += stepStride;
      b += bStride;
    }
    t0 = f32x4.add(t0, c0);
    t1 = f32x4.add(t1, c1);
  }
  store8(c, t0, t1, columns, bias, activation);
}

/** Stores the first `columns` of 8 values, bias added and activation applied. */
function store8(c: usize, low: v128, high: v128, columns: i32, bias: usize, activation: i32): void {
  if (columns == 8) {
    const zero = f32x4.splat(0);
    v128.store(c, finish(low, bias ? v128.load(bias) : zero, activation));
    v128.store(c, finish(high, bias ? v128.load(bias, 16) : zero, activation), 16);
    return;
  }
  let part = low;
  for (let j = 0; j < columns; j++) {
    if (j == 4) part = high;
    let y = f32x4.extract_lane(part, 0);
    if (bias) y += load<f32>(bias + (<usize>j << 2));
    if (activation) y = max<f32>(y, 0);
    store<f32>(c + (<usize>j << 2), y);
    part = i8x16.shuffle(part, part, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
  }
}

/** One column block: all rows of C for 8 columns of B. */
function columnBlock(
  a: usize, rowStride: usize, stepStride: usize,
  b: usize, bStride: usize,
  c: usize, cStride: usize,
  M: i32, K: i32, columns: i32, bias: usize, activation: i32,
): void {
  let i = 0;
  for (; i + 4 <= M; i += 4) {
    tile4(a, rowStride, stepStride, b, bStride, c, cStride, K, columns, bias, activation);
    a += rowStride << 2;
    c += cStride << 2;
  }
  for (; i < M; i++) {
    tile1(a, stepStride, b, bStride, c, K, columns, bias, activation);
    a += rowStride;
    c += cStride;
  }
}

/** The last `columns` < 8 columns of B, padded with zeros to 8: `[K, 8]` at `to`. */
function padColumns(b: usize, bStride: usize, to: usize, K: i32, columns: i32): void {
  for (let k = 0; k < K; k++) {
    v128.store(to, f32x4.splat(0));
    v128.store(to, f32x4.splat(0), 16);
    for (let j = 0; j < columns; j++) {
      store<f32>(to + (<usize>j << 2), load<f32>(b + (<usize>j << 2)));
    }
    b += bStride;
    to += 32;
  }
}

/**
 * `C = A B (+ bias, then ReLU)`, float32. `A[i, k]` is at `a + 4 (i aRow + k aStep)`, so that A may be transposed;
 * B is `[K, N]` and C `[M, N]`, row by row.
 *
 * @param scratch - 32 K bytes, needed when N is no multiple of 8
 */
export function matmul(
  a: usize, aRow: i32, aStep: i32,
  b: usize, c: usize,
  M: i32, N: i32, K: i32,
  bias: usize, activation: i32, scratch: usize,
): void {
  const row = <usize>N << 2;
  const rowStride = <usize>aRow << 2, stepStride = <usize>aStep << 2;
  let j = 0;
  for (; j + 8 <= N; j += 8) {
    columnBlock(a, rowStride, stepStride, b, row, c, row, M, K, 8, bias, activation);
    b += 32;
    c += 32;
    if (bias) bias += 32;
  }
  if (j < N) {
    padColumns(b, row, scratch, K, N - j);
    columnBlock(a, rowStride, stepStride, scratch, 32, c, row, M, K, N - j, bias, activation);
  }
}

/**
 * The products of `count` matrices: `C[i] = A[i] B[i]` with A, B at steps of `aNext`, `bNext` elements (0 for one that all
 * share) and C one after the other. With `turned` B is `[N, K]`.
 *
 * @param scratch - 32 K bytes, and 4 K N before them when B is turned
 */
export function matmulBatch(
  a: usize, aRow: i32, aStep: i32, aNext: i32,
  b: usize, bNext: i32, turned: i32, c: usize,
  M: i32, N: i32, K: i32, count: i32, scratch: usize,
): void {
  const padded = scratch + (turned ? <usize>(K * N) << 2 : 0);
  for (let i = 0; i < count; i++) {
    if (turned && (i == 0 || bNext != 0)) transpose(b, scratch, N, K);
    matmul(a, aRow, aStep, turned ? scratch : b, c, M, N, K, 0, 0, padded);
    a += <usize>aNext << 2;
    b += <usize>bNext << 2;
    c += <usize>(M * N) << 2;
  }
}
