import type { FusedKernels } from './fused-kernels.js';
import type { WindowKernels } from './window-kernels.js';

/** Sums of more values than this are in double precision; `assembly/reductions.ts` has the same number. */
export const LONG = 512;

/**
 * The functions of the compiled kernels; `assembly/` says what each computes. Every argument is a number: addresses of
 * tensors in the backend's memory, in bytes; sizes and strides, in elements. Results go to `to` (a product's to `c`),
 * which must not overlap an operand unless stated; nothing is allocated, nothing returned.
 */
export interface KernelFunctions
  extends
    Record<BinaryName | ComparisonName, Binary>,
    Record<UnaryName, Unary>,
    FusedKernels,
    WindowKernels {
  /**
   * `C = A B (+ bias, then an ending)`; `A[i, k]` at `a + 4 (i aRow + k aStep)`, `B[k, j]` at `b + 4 (k bRow + j bColumn)`, of
   * each two steps one 1. `other` is what an ending reads or writes besides. The numbers of the endings, what `packs` may be and
   * how much scratch it needs are in `ops/product.ts`.
   */
  matmul(
    ...args: [
      a: number,
      aRow: number,
      aStep: number,
      b: number,
      bRow: number,
      bColumn: number,
      c: number,
      M: number,
      N: number,
      K: number,
      bias: number,
      ending: number,
      other: number,
      packs: number,
      scratch: number,
    ]
  ): void;
  /** `count` products of matrices that lie `aNext`, `bNext` apart. */
  matmulBatch(
    ...args: [
      a: number,
      aRow: number,
      aStep: number,
      aNext: number,
      b: number,
      bRow: number,
      bColumn: number,
      bNext: number,
      c: number,
      M: number,
      N: number,
      K: number,
      count: number,
      packs: number,
      scratch: number,
    ]
  ): void;
  transpose(from: number, to: number, rows: number, columns: number): void;
  /** `to[h, i, j, k, l] = from[h s0 + i s1 + j s2 + k s3 + l s4]`. */
  permute(
    ...args: [
      from: number,
      to: number,
      d0: number,
      d1: number,
      d2: number,
      d3: number,
      d4: number,
      s0: number,
      s1: number,
      s2: number,
      s3: number,
      s4: number,
    ]
  ): void;
  gatherRows(...args: [table: number, indices: number, to: number, n: number, width: number]): void;
  /** Slices of `bytes`; the indices of the first of `before` tables, then those of the next. */
  gatherSlices(
    ...args: [
      tables: number,
      indices: number,
      to: number,
      before: number,
      outer: number,
      limit: number,
      n: number,
      bytes: number,
    ]
  ): void;
  /** Scratch, where n is above {@link LONG}: n + 2 segments values. */
  segmentSum(
    ...args: [
      x: number,
      ids: number,
      to: number,
      n: number,
      width: number,
      segments: number,
      scratch: number,
    ]
  ): void;
  /** `on` and `off` are the bits of 4-byte values. */
  oneHot(
    ...args: [indices: number, to: number, n: number, depth: number, on: number, off: number]
  ): void;
  copy(from: number, to: number, bytes: number): void;
  /** Rows of `bytes`; steps are in bytes too. */
  copyRows(
    ...args: [
      from: number,
      fromStep: number,
      to: number,
      toStep: number,
      rows: number,
      bytes: number,
    ]
  ): void;
  /** Planes of rows of `bytes`. */
  copyPlanes(
    ...args: [
      from: number,
      fromPlane: number,
      fromRow: number,
      to: number,
      toPlane: number,
      toRow: number,
      planes: number,
      rows: number,
      bytes: number,
    ]
  ): void;
  /** `value` is the bits of a 4-byte one. */
  fill(to: number, value: number, n: number): void;
  padRows(
    ...args: [
      from: number,
      to: number,
      rows: number,
      n: number,
      before: number,
      after: number,
      value: number,
    ]
  ): void;
  /** `[W, C]` as `[OW, FW C]`, the windows of a convolution. */
  unfoldRow(
    ...args: [
      x: number,
      to: number,
      W: number,
      C: number,
      OW: number,
      FW: number,
      stride: number,
      left: number,
    ]
  ): void;
  /** From bool, a byte each, to float32. */
  castBool(x: number, to: number, n: number): void;
  /** From float32 to int32, as `x | 0`. */
  castFloat(x: number, to: number, n: number): void;
  /** From 4-byte values to bool: whether any bit but the `ignored` ones is set. */
  castToBool(x: number, to: number, n: number, ignored: number): void;
  /** NaN stays; `to` may be x. */
  clip(x: number, to: number, n: number, low: number, high: number): void;
  /** Of x where the condition's byte is not 0. */
  select(...args: [condition: number, ...BinaryArguments]): void;
  sumRows(x: number, to: number, rows: number, n: number): void;
  sumSquares(x: number, to: number, n: number): void;
  meanRows(x: number, to: number, rows: number, n: number): void;
  maxRows(x: number, to: number, rows: number, n: number): void;
  /** Scratch, where there are more than {@link LONG} rows: n values in double precision; likewise below. */
  sumColumns(x: number, to: number, rows: number, n: number, scratch: number): void;
  meanColumns(x: number, to: number, rows: number, n: number, scratch: number): void;
  maxColumns(x: number, to: number, rows: number, n: number): void;
  /** The same of each plane. */
  sumPlanes(
    ...args: [x: number, to: number, planes: number, rows: number, n: number, scratch: number]
  ): void;
  meanPlanes(
    ...args: [x: number, to: number, planes: number, rows: number, n: number, scratch: number]
  ): void;
  /** Of int32. */
  addIntegers(...args: BinaryArguments): void;
  subtractIntegers(...args: BinaryArguments): void;
  multiplyIntegers(...args: BinaryArguments): void;
  addRow(...args: RowArguments): void;
  subtractRow(...args: RowArguments): void;
  multiplyRow(...args: RowArguments): void;
  divideRow(...args: RowArguments): void;
  addColumn(...args: ColumnArguments): void;
  subtractColumn(...args: ColumnArguments): void;
  multiplyColumn(...args: ColumnArguments): void;
  divideColumn(...args: ColumnArguments): void;
  /** `w -= g scale rate`; `rate` and `scale` are addresses of one value, `scale` may be 0 for none. */
  descend(w: number, g: number, rate: number, scale: number, n: number): void;
}

/** Operations on two operands of one length; a stride is 1, or 0 for a single value. `to` may be an operand. */
export type BinaryName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'squaredDifference'
  | 'reluGradient'
  | 'squaredReluGradient';

/** The same, giving a byte of 1 or 0 for each; `to` must not be an operand. */
export type ComparisonName = 'greater' | 'greaterEqual' | 'equal';

/** Operations on one operand; `to` may be it. */
export type UnaryName =
  | 'relu'
  | 'negate'
  | 'exp'
  | 'log'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'gelu'
  | 'geluByTanh'
  | 'squareRoot'
  | 'reciprocalSquareRoot'
  | 'squares'
  | 'squaredRelu'
  | 'bfloat16'
  | 'castInt';

type BinaryArguments = [
  x: number,
  xStride: number,
  y: number,
  yStride: number,
  to: number,
  n: number,
];
type Binary = (...args: BinaryArguments) => void;
type Unary = (x: number, to: number, n: number) => void;
type RowArguments = [x: number, y: number, to: number, rows: number, n: number];
type ColumnArguments = [x: number, y: number, to: number, rows: number, n: number, swapped: number];
