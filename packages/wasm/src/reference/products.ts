import type { NumericArray } from '../kernels/tensor-type.js';

/** Operands of {@link matmulReference}; `a` is `[M, K]`, or `[K, M]` when it is transposed, `b` `[K, N]`, or `[N, K]`. */
export interface MatmulOperands {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** `[N]` */
  readonly bias?: ArrayLike<number>;
  readonly relu?: boolean;
}

/** How many products are summed before the sums are. */
const BLOCK = 64;

/** `A B (+ bias, then ReLU)`, `[M, N]`: in single precision the sums of 64 products each, then the sum of these. */
export function matmulReference(operands: MatmulOperands): Float32Array {
  const { a, b, M, N, K, transposeA = false, transposeB = false, bias, relu = false } = operands;
  const { fround } = Math;
  const c = new Float32Array(M * N);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      let total = 0;
      for (let start = 0; start < K; start += BLOCK) {
        let sum = 0;
        for (let k = start; k < Math.min(start + BLOCK, K); k++) {
          const left = a[transposeA ? k * M + i : i * K + k];
          const right = b[transposeB ? j * K + k : k * N + j];
          sum = fround(sum + fround(left * right));
        }
        total = fround(total + sum);
      }
      if (bias !== undefined) total = fround(total + bias[j]);
      c[i * N + j] = relu ? Math.max(total, 0) : total;
    }
  }
  return c;
}

/** The sizes of a convolution of `[B, H, W, C]` by a filter of `[FH, FW, C, D]`; tfjs' `Conv2DInfo` has them all. */
export interface Conv2dSizes {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Rows of zeros above the input, columns of zeros left of it. */
  readonly padInfo: { readonly top: number; readonly left: number };
}

/**
 * The gradient of a convolution with respect to its filter:
 * `out[fh, fw, c, d] = Σ x[b, oh sh + fh - top, ow sw + fw - left, c] dy[b, oh, ow, d]` over all `b`, `oh`, `ow` for
 * which that index lies within `x`. Summed in double precision, rounded once.
 *
 * @param x - `[B, H, W, C]`, the convolution's input
 * @param dy - `[B, OH, OW, D]`, the gradient with respect to its output
 * @param out - `[FH, FW, C, D]`, written whole
 */
export function conv2dBackpropFilter(
  x: NumericArray,
  dy: NumericArray,
  sizes: Conv2dSizes,
  out: NumericArray,
): void {
  const { filterHeight, filterWidth, inChannels, outChannels } = sizes;
  const tap = new Float64Array(inChannels * outChannels); // one position of the filter, [C, D]
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      tap.fill(0);
      addTap(x, dy, { ...sizes, row, column }, tap);
      out.set(tap, (row * filterWidth + column) * tap.length);
    }
  }
}

interface TapSizes extends Conv2dSizes {
  readonly row: number;
  readonly column: number;
}

/** Adds to `tap` the outer products of the columns of `x` and `dy` that meet at one position of the filter. */
function addTap(x: NumericArray, dy: NumericArray, sizes: TapSizes, tap: Float64Array): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = sizes;
  const { strideHeight, strideWidth, padInfo, row, column } = sizes;
  const [top, left] = [row - padInfo.top, column - padInfo.left];
  // Only those outputs whose input lies within x, so that the loops need no test.
  const [firstRow, endRow] = within(top, strideHeight, inHeight, outHeight);
  const [firstColumn, endColumn] = within(left, strideWidth, inWidth, outWidth);
  for (let b = 0; b < sizes.batchSize; b++) {
    for (let oh = firstRow; oh < endRow; oh++) {
      const inRow = (b * inHeight + oh * strideHeight + top) * inWidth;
      const outRow = (b * outHeight + oh) * outWidth;
      for (let ow = firstColumn; ow < endColumn; ow++) {
        const from = (inRow + ow * strideWidth + left) * inChannels;
        const by = (outRow + ow) * outChannels;
        let k = 0;
        for (let c = 0; c < inChannels; c++) {
          const value = x[from + c];
          for (let d = 0; d < outChannels; d++) tap[k++] += value * dy[by + d];
        }
      }
    }
  }
}

/** The outputs `o`, from the first to before the end, with `0 <= o stride + offset < inSize`. */
function within(
  offset: number,
  stride: number,
  inSize: number,
  outSize: number,
): [first: number, end: number] {
  const first = Math.max(0, Math.ceil(-offset / stride));
  return [first, Math.min(outSize, Math.ceil((inSize - offset) / stride))];
}
