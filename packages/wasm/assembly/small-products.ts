// Products of matrices that lie in the cache, as those of attention's heads: no panels are packed, and a result may be added.
// Tiles of 4 rows and 8 columns, single rows 32 columns at a time; summed in blocks, fused multiply-adds too. By the strips of
// `tiles.ts`, which end in a bias and keep sums of blocks in C, attention takes 5 % longer.
import { BLOCK } from './reductions';
import { madd } from './tiles';

/**
 * `C = A B`, or `C += A B` with `adds`. Strides of rows, and A's from k to k, in bytes; N is a multiple of 8. A number of C is the
 * same whatever M is, and with zeros behind A's K.
 */
export function smallProduct(
  a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize, M: i32, N: i32, K: i32, adds: i32,
): void {
  const rest = M & 3;
  if (M > 3) {
    for (let j = 0; j < N; j += 8) {
      const at = <usize>j << 2;
      let from = a, to = c + at;
      for (let i = 4; i <= M; i += 4) {
        tile4(from, aRow, aStep, b + at, bRow, to, cRow, K, adds);
        from += aRow << 2;
        to += cRow << 2;
      }
    }
    a += aRow * <usize>(M - rest);
    c += cRow * <usize>(M - rest);
  }
  for (let i = 0; i < rest; i++) {
    oneRow(a, aStep, b, bRow, c, N, K, adds);
    a += aRow;
    c += cRow;
  }
}

function tile4(
  a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize, K: i32, adds: i32,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let t00 = c00, t01 = c00, t10 = c00, t11 = c00, t20 = c00, t21 = c00, t30 = c00, t31 = c00;
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  const c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
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
      a += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b += bRow;
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
  put(c, t00, adds);
  put(c + 16, t01, adds);
  put(c1, t10, adds);
  put(c1 + 16, t11, adds);
  put(c2, t20, adds);
  put(c2 + 16, t21, adds);
  put(c3, t30, adds);
  put(c3 + 16, t31, adds);
}

// @ts-ignore: decorator
@inline
function put(to: usize, x: v128, adds: i32): void {
  v128.store(to, adds ? f32x4.add(v128.load(to), x) : x);
}

function oneRow(a: usize, aStep: usize, b: usize, bRow: usize, c: usize, N: i32, K: i32, adds: i32): void {
  let j = 0;
  for (; j + 32 <= N; j += 32) row32(a, aStep, b + (<usize>j << 2), bRow, c + (<usize>j << 2), K, adds);
  for (; j < N; j += 8) row8(a, aStep, b + (<usize>j << 2), bRow, c + (<usize>j << 2), K, adds);
}

function row32(a: usize, aStep: usize, b: usize, bRow: usize, c: usize, K: i32, adds: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  let t0 = c0, t1 = c0, t2 = c0, t3 = c0, t4 = c0, t5 = c0, t6 = c0, t7 = c0;
  for (let left = K; left > 0; left -= BLOCK) {
    c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = f32x4.splat(0);
    for (let k = min(left, BLOCK); k > 0; k--) {
      const x = v128.load32_splat(a);
      c0 = madd(x, v128.load(b), c0);
      c1 = madd(x, v128.load(b, 16), c1);
      c2 = madd(x, v128.load(b, 32), c2);
      c3 = madd(x, v128.load(b, 48), c3);
      c4 = madd(x, v128.load(b, 64), c4);
      c5 = madd(x, v128.load(b, 80), c5);
      c6 = madd(x, v128.load(b, 96), c6);
      c7 = madd(x, v128.load(b, 112), c7);
      a += aStep;
      b += bRow;
    }
    t0 = f32x4.add(t0, c0);
    t1 = f32x4.add(t1, c1);
    t2 = f32x4.add(t2, c2);
    t3 = f32x4.add(t3, c3);
    t4 = f32x4.add(t4, c4);
    t5 = f32x4.add(t5, c5);
    t6 = f32x4.add(t6, c6);
    t7 = f32x4.add(t7, c7);
  }
  put(c, t0, adds);
  put(c + 16, t1, adds);
  put(c + 32, t2, adds);
  put(c + 48, t3, adds);
  put(c + 64, t4, adds);
  put(c + 80, t5, adds);
  put(c + 96, t6, adds);
  put(c + 112, t7, adds);
}

function row8(a: usize, aStep: usize, b: usize, bRow: usize, c: usize, K: i32, adds: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, t0 = c0, t1 = c0;
  for (let left = K; left > 0; left -= BLOCK) {
    c0 = c1 = f32x4.splat(0);
    for (let k = min(left, BLOCK); k > 0; k--) {
      const x = v128.load32_splat(a);
      c0 = madd(x, v128.load(b), c0);
      c1 = madd(x, v128.load(b, 16), c1);
      a += aStep;
      b += bRow;
    }
    t0 = f32x4.add(t0, c0);
    t1 = f32x4.add(t1, c1);
  }
  put(c, t0, adds);
  put(c + 16, t1, adds);
}
