// Tiles of a product, with as many sums as registers hold: 4 x 8 needs 8 for sums, 2 for B and 2 for A's value and a
// product, of the 16 of x86-64; with fused multiply-adds there is room for 6 x 8. Not unrolled: the engine does, and more
// spills registers.
import { loadPart, storePart } from './lanes';

/**
 * Products are summed in blocks of this size, and then the blocks. Over 10,000 steps of the lecture's runs plain sums drifted
 * 2e-3 from PyTorch's validation loss, these 4e-4 (docs/decisions/0007-sums-in-blocks.md); 1 to 3 % slower. Fused
 * multiply-adds round once, as PyTorch's do, and agree without.
 */
const BLOCK: i32 = ASC_FEATURE_RELAXED_SIMD ? i32.MAX_VALUE : 64;

/** Rows of a tile; a last one may have fewer. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  // ASC_FEATURE_RELAXED_SIMD is a constant of the compiler: each binary has one branch.
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0)); // keeps NaN
}

/**
 * All rows by a panel of 8 columns: `C[0..rows, 0..8] = A[0..rows, K] B[K, 0..8]`, or `+=` with `goesOn`. Strides in bytes; `aNext`
 * and `cNext` lead from the first row of a tile to the next one's. Where the last tile lacks rows, its last one is computed
 * again in their place. With `bias` (an address or 0) it is added last, with `activation` 1 followed by ReLU.
 */
export function strip4(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bStep: usize,
  c: usize, cRow: usize,
  rows: i32, K: i32, goesOn: i32, bias: usize, activation: i32,
): void {
  for (; rows > 0; rows -= 4) {
    let a0 = a, a1 = rows > 1 ? a + aRow : a, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
    const c1 = rows > 1 ? c + cRow : c, c2 = rows > 2 ? c1 + cRow : c1, c3 = rows > 3 ? c2 + cRow : c2;
    let at = b, adds = goesOn;
    for (let left = K; ; left -= BLOCK) {
      let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
      let c20 = c00, c21 = c00, c30 = c00, c31 = c00;
      if (ASC_FEATURE_RELAXED_SIMD) {
        if (adds) {
          c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(c1), c11 = v128.load(c1, 16);
          c20 = v128.load(c2), c21 = v128.load(c2, 16), c30 = v128.load(c3), c31 = v128.load(c3, 16);
        }
      }
      for (let k = min(left, BLOCK); k > 0; k--) {
        const b0 = v128.load(at), b1 = v128.load(at, 16);
        let x = v128.load32_splat(a0);
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
        a0 += aStep;
        a1 += aStep;
        a2 += aStep;
        a3 += aStep;
        at += bStep;
      }
      if (!ASC_FEATURE_RELAXED_SIMD) {
        if (adds) {
          c00 = f32x4.add(v128.load(c), c00), c01 = f32x4.add(v128.load(c, 16), c01);
          c10 = f32x4.add(v128.load(c1), c10), c11 = f32x4.add(v128.load(c1, 16), c11);
          c20 = f32x4.add(v128.load(c2), c20), c21 = f32x4.add(v128.load(c2, 16), c21);
          c30 = f32x4.add(v128.load(c3), c30), c31 = f32x4.add(v128.load(c3, 16), c31);
        }
      }
      const isLast = left <= BLOCK;
      if (isLast && bias) {
        const low = v128.load(bias), high = v128.load(bias, 16);
        c00 = f32x4.add(c00, low), c01 = f32x4.add(c01, high), c10 = f32x4.add(c10, low), c11 = f32x4.add(c11, high);
        c20 = f32x4.add(c20, low), c21 = f32x4.add(c21, high), c30 = f32x4.add(c30, low), c31 = f32x4.add(c31, high);
      }
      if (isLast && activation) {
        c00 = relu(c00), c01 = relu(c01), c10 = relu(c10), c11 = relu(c11);
        c20 = relu(c20), c21 = relu(c21), c30 = relu(c30), c31 = relu(c31);
      }
      v128.store(c, c00), v128.store(c, c01, 16), v128.store(c1, c10), v128.store(c1, c11, 16);
      v128.store(c2, c20), v128.store(c2, c21, 16), v128.store(c3, c30), v128.store(c3, c31, 16);
      if (isLast) break;
      adds = 1;
    }
    a += aNext;
    c += cRow << 2;
  }
}

/** The same in tiles of six rows, for fused multiply-adds alone; stops where fewer than five are left. */
export function strip6(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bStep: usize,
  c: usize, cRow: usize,
  rows: i32, K: i32, goesOn: i32, bias: usize, activation: i32,
): void {
  for (; rows > 4; rows -= 6) {
    let a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = rows > 5 ? a4 + aRow : a4;
    const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow, c4 = c3 + cRow, c5 = rows > 5 ? c4 + cRow : c4;
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
    let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
    if (goesOn) {
      c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(c1), c11 = v128.load(c1, 16);
      c20 = v128.load(c2), c21 = v128.load(c2, 16), c30 = v128.load(c3), c31 = v128.load(c3, 16);
      c40 = v128.load(c4), c41 = v128.load(c4, 16), c50 = v128.load(c5), c51 = v128.load(c5, 16);
    }
    let at = b;
    for (let k = K; k > 0; k--) {
      const b0 = v128.load(at), b1 = v128.load(at, 16);
      let x = v128.load32_splat(a0);
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
      x = v128.load32_splat(a4);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      x = v128.load32_splat(a5);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      a4 += aStep;
      a5 += aStep;
      at += bStep;
    }
    if (bias) {
      const low = v128.load(bias), high = v128.load(bias, 16);
      c00 = f32x4.add(c00, low), c01 = f32x4.add(c01, high), c10 = f32x4.add(c10, low), c11 = f32x4.add(c11, high);
      c20 = f32x4.add(c20, low), c21 = f32x4.add(c21, high), c30 = f32x4.add(c30, low), c31 = f32x4.add(c31, high);
      c40 = f32x4.add(c40, low), c41 = f32x4.add(c41, high), c50 = f32x4.add(c50, low), c51 = f32x4.add(c51, high);
    }
    if (activation) {
      c00 = relu(c00), c01 = relu(c01), c10 = relu(c10), c11 = relu(c11), c20 = relu(c20), c21 = relu(c21);
      c30 = relu(c30), c31 = relu(c31), c40 = relu(c40), c41 = relu(c41), c50 = relu(c50), c51 = relu(c51);
    }
    v128.store(c, c00), v128.store(c, c01, 16), v128.store(c1, c10), v128.store(c1, c11, 16);
    v128.store(c2, c20), v128.store(c2, c21, 16), v128.store(c3, c30), v128.store(c3, c31, 16);
    v128.store(c4, c40), v128.store(c4, c41, 16), v128.store(c5, c50), v128.store(c5, c51, 16);
    a += aNext;
    c += cRow * 6;
  }
}

/** The same of at most four columns, tiles of ROWS rows; what the panel has in the place of others doesn't matter. */
export function narrow(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize,
  c: usize, cRow: usize,
  rows: i32, columns: i32, K: i32, goesOn: i32, bias: usize, activation: i32,
): void {
  for (; rows > 0; rows -= ROWS) {
    let a0 = a, a1 = rows > 1 ? a0 + aRow : a0, a2 = rows > 2 ? a1 + aRow : a1, a3 = rows > 3 ? a2 + aRow : a2;
    let a4 = rows > 4 ? a3 + aRow : a3, a5 = rows > 5 ? a4 + aRow : a4;
    const c1 = rows > 1 ? c + cRow : c, c2 = rows > 2 ? c1 + cRow : c1, c3 = rows > 3 ? c2 + cRow : c2;
    const c4 = rows > 4 ? c3 + cRow : c3, c5 = rows > 5 ? c4 + cRow : c4;
    let at = b, adds = goesOn;
    for (let left = K; ; left -= BLOCK) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
      if (ASC_FEATURE_RELAXED_SIMD && adds) {
        s0 = loadSome(c, columns), s1 = loadSome(c1, columns), s2 = loadSome(c2, columns);
        s3 = loadSome(c3, columns), s4 = loadSome(c4, columns), s5 = loadSome(c5, columns);
      }
      for (let k = min(left, BLOCK); k > 0; k--) {
        const y = v128.load(at);
        s0 = madd(v128.load32_splat(a0), y, s0);
        s1 = madd(v128.load32_splat(a1), y, s1);
        s2 = madd(v128.load32_splat(a2), y, s2);
        s3 = madd(v128.load32_splat(a3), y, s3);
        if (ROWS == 6) {
          s4 = madd(v128.load32_splat(a4), y, s4);
          s5 = madd(v128.load32_splat(a5), y, s5);
          a4 += aStep;
          a5 += aStep;
        }
        a0 += aStep;
        a1 += aStep;
        a2 += aStep;
        a3 += aStep;
        at += 32;
      }
      if (!ASC_FEATURE_RELAXED_SIMD && adds) {
        s0 = f32x4.add(loadSome(c, columns), s0), s1 = f32x4.add(loadSome(c1, columns), s1);
        s2 = f32x4.add(loadSome(c2, columns), s2), s3 = f32x4.add(loadSome(c3, columns), s3);
      }
      const isLast = left <= BLOCK;
      if (isLast && bias) {
        const y = loadSome(bias, columns);
        s0 = f32x4.add(s0, y), s1 = f32x4.add(s1, y), s2 = f32x4.add(s2, y);
        s3 = f32x4.add(s3, y), s4 = f32x4.add(s4, y), s5 = f32x4.add(s5, y);
      }
      if (isLast && activation) s0 = relu(s0), s1 = relu(s1), s2 = relu(s2), s3 = relu(s3), s4 = relu(s4), s5 = relu(s5);
      storeSome(c, s0, columns), storeSome(c1, s1, columns), storeSome(c2, s2, columns), storeSome(c3, s3, columns);
      if (ROWS == 6) storeSome(c4, s4, columns), storeSome(c5, s5, columns);
      if (isLast) break;
      adds = 1;
    }
    a += aNext;
    c += cRow * ROWS;
  }
}

// @ts-ignore: decorator
@inline
export function loadSome(at: usize, columns: i32): v128 {
  return columns > 3 ? v128.load(at) : loadPart(at, columns);
}

// @ts-ignore: decorator
@inline
function storeSome(at: usize, x: v128, columns: i32): void {
  if (columns == 4) v128.store(at, x);
  else storePart(at, x, columns);
}

/** One row of the same. */
export function tile1(
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, K: i32, goesOn: i32, bias: usize, activation: i32,
): void {
  for (let left = K; ; left -= BLOCK) {
    let c0 = f32x4.splat(0), c1 = c0;
    if (ASC_FEATURE_RELAXED_SIMD) {
      if (goesOn) c0 = v128.load(c), c1 = v128.load(c, 16);
    }
    for (let k = min(left, BLOCK); k > 0; k--) {
      const x = v128.load32_splat(a);
      c0 = madd(x, v128.load(b), c0);
      c1 = madd(x, v128.load(b, 16), c1);
      a += aStep;
      b += bStep;
    }
    if (!ASC_FEATURE_RELAXED_SIMD) {
      if (goesOn) c0 = f32x4.add(v128.load(c), c0), c1 = f32x4.add(v128.load(c, 16), c1);
    }
    const isLast = left <= BLOCK;
    if (isLast && bias) c0 = f32x4.add(c0, v128.load(bias)), c1 = f32x4.add(c1, v128.load(bias, 16));
    if (isLast && activation) c0 = relu(c0), c1 = relu(c1);
    v128.store(c, c0), v128.store(c, c1, 16);
    if (isLast) return;
    goesOn = 1;
  }
}
