// Products in blocks that fit the caches. For each block of B, packed where that pays, and for each block of A: each panel
// of 8 columns of B, which stays in the first cache, by all rows of A's block, which stays in the second.
import { packColumns, packRows, packTurned } from './pack';
import { ROWS, tile1, tile4, tile6 } from './tiles';

/** Sizes of blocks: KC a multiple of 64, in which products are summed, MC of ROWS, NC of 8; `src/ops/product.ts` has them too. */
const KC: i32 = 256, MC: i32 = 96, NC: i32 = 512;

/** Scratch for a tile at C's right edge and the bias there. */
const EDGE: usize = 256;
const EDGE_BIAS: usize = 192;

/**
 * `C = A B (+ bias, then ReLU)`, float32. `A[i, k]` is at `a + 4 (i aRow + k aStep)`, `B[k, j]` at `b + 4 (k bRow + j bColumn)`;
 * of each two steps one is 1. C is `[M, N]`, row by row.
 *
 * @param packs - 0: neither factor, which B's columns side by side need, 1: B, 2: A too, for which its steps must be 1 and any
 * @param scratch - EDGE bytes and 32 KC; with 1 4 KC NC more, with 2 4 KC MC more, or as much as the factors take
 */
export function matmul(
  a: usize, aRow: i32, aStep: i32,
  b: usize, bRow: i32, bColumn: i32,
  c: usize, M: i32, N: i32, K: i32,
  bias: usize, activation: i32, packs: i32, scratch: usize,
): void {
  const rowA = <usize>aRow << 2, stepA = <usize>aStep << 2;
  const rowB = <usize>bRow << 2, columnB = <usize>bColumn << 2, rowC = <usize>N << 2;
  const panels = scratch + EDGE;
  const packedA = panels + (<usize>min(K, KC) * <usize>((min(N, NC) + 7) & ~7) << 2);
  for (let j = 0; j < N; j += NC) {
    const columns = min(N - j, NC);
    for (let k = 0; k == 0 || k < K; k += KC) {
      const depth = min(K - k, KC), isLast = k + KC >= K;
      const fromB = b + <usize>k * rowB + <usize>j * columnB;
      if (packs) {
        if (bColumn == 1) packColumns(fromB, rowB, panels, depth, columns);
        else packTurned(fromB, columnB, panels, depth, columns);
      } else if (columns & 7) {
        const whole = columns & ~7;
        packColumns(fromB + (<usize>whole << 2), rowB, panels, depth, columns - whole);
      }
      for (let i = 0; i < M; i += MC) {
        const rows = min(M - i, MC);
        let fromA = a + <usize>i * rowA + <usize>k * stepA, row = rowA, step = stepA, next = rowA * ROWS;
        if (packs == 2) {
          packRows(fromA, stepA, packedA, depth, rows);
          fromA = packedA, row = 4, step = ROWS << 2, next = <usize>depth * step;
        }
        block(
          fromA, row, step, next, packs ? 0 : fromB, rowB, panels,
          c + <usize>i * rowC + (<usize>j << 2), rowC, rows, columns, depth, k > 0 ? 1 : 0,
          isLast && bias ? bias + (<usize>j << 2) : 0, isLast ? activation : 0, scratch,
        );
      }
    }
  }
}

/** All panels of B's block by all rows of A's. B lies at `b` row by row, but for the last columns, or else in panels. */
function block(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bRow: usize, panels: usize,
  c: usize, cRow: usize, rows: i32, columns: i32, K: i32,
  goesOn: i32, bias: usize, activation: i32, edge: usize,
): void {
  const isPacked = b == 0, panel = isPacked ? <usize>K << 5 : 32;
  let at = isPacked ? panels : b, step: usize = isPacked ? 32 : bRow, j = 0;
  for (; j + 8 <= columns; j += 8) {
    panelByRows(a, aRow, aStep, aNext, at, step, c, cRow, rows, K, goesOn, bias, activation);
    at += panel;
    c += 32;
    if (bias) bias += 32;
  }
  if (j == columns) return;
  if (!isPacked) at = panels, step = 32;
  const bytes = <usize>(columns - j) << 2;
  if (bias) memory.copy(edge + EDGE_BIAS, bias, bytes), bias = edge + EDGE_BIAS;
  for (let i = 0; i < rows; i += ROWS) {
    const some = min(rows - i, ROWS);
    if (goesOn) copyRows(c, cRow, edge, 32, some, bytes);
    panelByRows(a, aRow, aStep, aNext, at, step, edge, 32, some, K, goesOn, bias, activation);
    copyRows(edge, 32, c, cRow, some, bytes);
    a += aNext;
    c += cRow * ROWS;
  }
}

/** A panel of 8 columns of B by all rows of A's block. */
function panelByRows(
  a: usize, aRow: usize, aStep: usize, aNext: usize,
  b: usize, bStep: usize,
  c: usize, cRow: usize, rows: i32, K: i32,
  goesOn: i32, bias: usize, activation: i32,
): void {
  for (; rows >= ROWS; rows -= ROWS) {
    if (ROWS == 6) tile6(a, aRow, aStep, b, bStep, c, cRow, K, ROWS, goesOn, bias, activation);
    else tile4(a, aRow, aStep, b, bStep, c, cRow, K, ROWS, goesOn, bias, activation);
    a += aNext;
    c += cRow * ROWS;
  }
  if (rows > 4) tile6(a, aRow, aStep, b, bStep, c, cRow, K, rows, goesOn, bias, activation);
  else if (rows > 1) tile4(a, aRow, aStep, b, bStep, c, cRow, K, rows, goesOn, bias, activation);
  else if (rows == 1) tile1(a, aStep, b, bStep, c, K, goesOn, bias, activation);
}

function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, bytes: usize): void {
  for (; rows > 0; rows--) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
    from += fromRow;
    to += toRow;
  }
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
    matmul(a, aRow, aStep, b, bRow, bColumn, c, M, N, K, 0, 0, packs, scratch);
    a += <usize>aNext << 2;
    b += <usize>bNext << 2;
    c += <usize>(M * N) << 2;
  }
}
