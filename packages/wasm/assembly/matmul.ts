// Products in blocks that fit the caches. For each block of B, packed where that pays, and for each block of A: each panel
// of 8 columns of B, which stays in the first cache, by all rows of A's block, which stays in the second.
import { add, reluGradient, squaredReluGradient } from './binary';
import { gelu, geluByTanh, geluByTanhGradient, geluGradient } from './gelu';
import { packColumns, packRows, packTurned } from './pack';
import { narrow, ROWS, strip4, strip6, tile1 } from './tiles';
import { squaredRelu } from './unary';

/** Rows of a block, a multiple of ROWS, and columns, of 8; `src/ops/product.ts` has them too. */
const MOST_ROWS: i32 = 96, NC: i32 = 512;
/** Rows of a block of a symmetric product, a multiple of ROWS too: of a block what lies right of the diagonal isn't computed. */
const SYMMETRIC_ROWS: i32 = 24, SYMMETRIC: i32 = 3;

/** How deep a block is, by what is packed: a multiple of 64, in which products are summed. */
// @ts-ignore: decorator
@inline
function deepest(packs: i32): i32 {
  return packs == 0 ? 128 : packs == 2 ? 256 : 512;
}

/** What is done to the sums S at last, x being `other`; `src/ops/product.ts` has the same numbers. */
const RELU: i32 = 1;
/** C = S, and x becomes its GELU, or its squared ReLU. */
const GELU: i32 = 2, GELU_BY_TANH: i32 = 3;
/** C = S by the slope at x, or where x is above 0. */
const GELU_GRADIENT: i32 = 4, GELU_BY_TANH_GRADIENT: i32 = 5, RELU_GRADIENT: i32 = 6;
/** C = S + x. */
const ADD: i32 = 7;
const SQUARED_RELU: i32 = 8, SQUARED_RELU_GRADIENT: i32 = 9;

/**
 * `C = A B (+ bias, then what `ending` says)`, float32. `A[i, k]` is at `a + 4 (i aRow + k aStep)`, `B[k, j]` at `b + 4 (k bRow + j bColumn)`;
 * of each two steps one is 1. C is `[M, N]`, row by row.
 *
 * @param other - of C's size; of no use to some endings
 * @param packs - 0: neither factor, for which `bColumn` must be 1; 1: B; 2: both, for which `aRow` must be 1; 3: B, where the product is
 * symmetric and has no ending
 * @param scratch - for the panels of a block of B, or of its last columns if 8 doesn't divide N, and of a block of A
 */
export function matmul(
  a: usize, aRow: i32, aStep: i32,
  b: usize, bRow: i32, bColumn: i32,
  c: usize, M: i32, N: i32, K: i32,
  bias: usize, ending: i32, other: usize, packs: i32, scratch: usize,
): void {
  const rowA = <usize>aRow << 2, stepA = <usize>aStep << 2;
  const rowB = <usize>bRow << 2, columnB = <usize>bColumn << 2, rowC = <usize>N << 2;
  const KC = deepest(packs), MC: i32 = packs == SYMMETRIC ? SYMMETRIC_ROWS : MOST_ROWS;
  const packedA = scratch + (<usize>min(K, KC) * <usize>((min(N, NC) + 7) & ~7) << 2);
  for (let j = 0; j < N; j += NC) {
    const columns = min(N - j, NC);
    for (let k = 0; k == 0 || k < K; k += KC) {
      const depth = min(K - k, KC), isLast = k + KC >= K;
      const fromB = b + <usize>k * rowB + <usize>j * columnB;
      if (packs) {
        if (bColumn == 1) packColumns(fromB, rowB, scratch, depth, columns);
        else packTurned(fromB, columnB, scratch, depth, columns);
      } else if (columns & 7) {
        const whole = columns & ~7;
        packColumns(fromB + (<usize>whole << 2), rowB, scratch, depth, columns - whole);
      }
      for (let i = 0; i < M; i += MC) {
        const rows = min(M - i, MC), needed = packs == SYMMETRIC ? min(columns, i + rows - j) : columns;
        if (needed <= 0) continue;
        let fromA = a + <usize>i * rowA + <usize>k * stepA, row = rowA, step = stepA, next = rowA * ROWS;
        if (packs == 2) {
          packRows(fromA, stepA, packedA, depth, rows);
          fromA = packedA, row = 4, step = ROWS << 2, next = <usize>depth * step;
        }
        const at = <usize>i * rowC + (<usize>j << 2);
        block(
          fromA, row, step, next, packs ? 0 : fromB, rowB, scratch,
          c + at, rowC, rows, needed, depth, k > 0 ? 1 : 0,
          isLast && bias ? bias + (<usize>j << 2) : 0, isLast && ending == RELU ? 1 : 0,
        );
        if (isLast && ending > RELU) finish(ending, c + at, other + at, rowC, rows, columns);
      }
    }
  }
  if (packs == SYMMETRIC) mirror(c, M);
}

/** Copies what lies below the diagonal of a square matrix to its other side. */
function mirror(c: usize, n: i32): void {
  const row = <usize>n << 2;
  for (let i = 1; i < n; i++) {
    let from = c + <usize>i * row, to = c + (<usize>i << 2);
    for (let j = 0; j < i; j++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += row;
    }
  }
}

/** The ending of a block while the second cache has it. */
function finish(ending: i32, c: usize, other: usize, row: usize, rows: i32, columns: i32): void {
  if (row == <usize>columns << 2) columns *= rows, rows = 1;
  for (; rows > 0; rows--) {
    if (ending == GELU) gelu(c, other, columns);
    else if (ending == GELU_BY_TANH) geluByTanh(c, other, columns);
    else if (ending == GELU_GRADIENT) geluGradient(other, c, c, columns);
    else if (ending == GELU_BY_TANH_GRADIENT) geluByTanhGradient(other, c, c, columns);
    else if (ending == RELU_GRADIENT) reluGradient(other, 1, c, 1, c, columns);
    else if (ending == ADD) add(c, 1, other, 1, c, columns);
    else if (ending == SQUARED_RELU) squaredRelu(c, other, columns);
    else if (ending == SQUARED_RELU_GRADIENT) squaredReluGradient(other, 1, c, 1, c, columns);
    c += row;
    other += row;
  }
}

/** All panels of B's block by all rows of A's. B lies at `b` row by row, but for the last columns, or else in panels. */
function block(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bRow: usize, panels: usize,
  c: usize, cRow: usize, rows: i32, columns: i32, K: i32,
  goesOn: i32, bias: usize, activation: i32,
): void {
  const isPacked = b == 0, panel = isPacked ? <usize>K << 5 : 32;
  let at = isPacked ? panels : b, step: usize = isPacked ? 32 : bRow, j = 0;
  for (; j + 8 <= columns; j += 8) {
    panelByRows(a, aRow, aStep, aNext, at, step, c, cRow, rows, K, goesOn, bias, activation);
    at += panel;
    c += 32;
    if (bias) bias += 32;
  }
  if (!isPacked) at = panels;
  for (; j < columns; j += 4) {
    const some = min(columns - j, 4);
    narrow(a, aRow, aStep, aNext, at, c, cRow, rows, some, K, goesOn, bias, activation);
    at += 16;
    c += 16;
    if (bias) bias += 16;
  }
}

/** A panel of 8 columns of B by all rows of A's block. */
function panelByRows(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bStep: usize,
  c: usize, cRow: usize, rows: i32, K: i32,
  goesOn: i32, bias: usize, activation: i32,
): void {
  if (ROWS == 6) {
    strip6(a, aRow, aStep, aNext, b, bStep, c, cRow, rows, K, goesOn, bias, activation);
    const done = (rows + 1) / 6;
    a += aNext * done;
    c += cRow * 6 * done;
    rows -= min(rows, 6 * done);
  }
  if (rows == 1) tile1(a, aStep, b, bStep, c, K, goesOn, bias, activation);
  else strip4(a, aRow, aStep, aNext, b, bStep, c, cRow, rows, K, goesOn, bias, activation);
}

/**
 * The products of `count` matrices: `C[i] = A[i] B[i]` with A, B at steps of `aNext`, `bNext` elements (0 for one that all
 * share) and C one after the other.
 */
export function matmulBatch(
  a: usize, aRow: i32, aStep: i32, aNext: i32,
  b: usize, bRow: i32, bColumn: i32, bNext: i32,
  c: usize, M: i32, N: i32, K: i32, count: i32, packs: i32, scratch: usize,
): void {
  for (let i = 0; i < count; i++) {
    matmul(a, aRow, aStep, b, bRow, bColumn, c, M, N, K, 0, 0, 0, packs, scratch);
    a += <usize>aNext << 2;
    b += <usize>bNext << 2;
    c += <usize>(M * N) << 2;
  }
}
