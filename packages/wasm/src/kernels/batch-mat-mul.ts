import {
  BatchMatMul,
  type BatchMatMulAttrs,
  broadcast_util,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernelModule } from './kernel-module.js';
import { wasmKernel, type KernelCall } from './wasm-kernel.js';

type Call = KernelCall<'a' | 'b', BatchMatMulAttrs>;

/**
 * `tf.matMul`: `[…, M, K]` by `[…, K, N]`, the axes before them broadcast. It takes the place of the backend's own, which
 * packs its right operand anew at each call and walks a transposed one by columns.
 */
export const batchMatMulConfig = wasmKernel(
  BatchMatMul,
  ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }: Call) => {
    const [M, K] = matrix(a, transposeA);
    const [inner, N] = matrix(b, transposeB);
    if (K !== inner || a.dtype !== 'float32' || b.dtype !== 'float32') {
      throw new RangeError(
        `BatchMatMul: the factors must be float32, the left with as many columns as the right has rows; ` +
          `got ${describe(a, transposeA)} and ${describe(b, transposeB)}`,
      );
    }
    const batch = broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    );
    const out = backend.makeOutput([...batch, M, N], 'float32');
    const kernels = kernelModule(backend, false).functions; // the same digits in every engine
    const words = K * N + 8 * K; // a transposed factor; the last columns, padded to 8
    const workspace = backend.makeOutput([words], 'float32');
    const scratch = backend.getMemoryOffset(workspace.dataId);
    const [aAt, bAt, outAt] = [a, b, out].map(({ dataId }) => backend.getMemoryOffset(dataId));
    const [aRow, aStep] = transposeA ? [1, M] : [K, 1];
    const [aOf, bOf] = [a, b].map(({ shape }) => matrixAt(shape.slice(0, -2), batch));
    const count = batch.reduce((product, length) => product * length, 1);
    for (let i = 0; i < count; i++) {
      const left = aAt + 4 * M * K * aOf(i);
      let right = bAt + 4 * K * N * bOf(i);
      if (transposeB) {
        kernels.transpose(right, scratch, N, K);
        right = scratch;
      }
      kernels.matmul(
        left,
        aRow,
        aStep,
        right,
        outAt + 4 * M * N * i,
        M,
        N,
        K,
        0,
        0,
        scratch + 4 * K * N,
      );
    }
    backend.disposeData(workspace.dataId);
    return out;
  },
);

/** Rows and columns of a factor as it enters the product. */
function matrix({ shape }: TensorInfo, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function describe({ dtype, shape }: TensorInfo, transposed: boolean): string {
  return `${dtype} [${shape.join()}]${transposed ? ' transposed' : ''}`;
}

/** Which matrix of a factor belongs to the i-th of the result, when its axes of length 1 are broadcast. */
function matrixAt(axes: readonly number[], batch: readonly number[]): (i: number) => number {
  const padded = [...Array.from<number>({ length: batch.length - axes.length }).fill(1), ...axes];
  return (i) => {
    let at = 0;
    let step = 1;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const place = i % batch[axis];
      i = Math.floor(i / batch[axis]);
      if (padded[axis] !== 1) at += place * step;
      step *= padded[axis];
    }
    return at;
  };
}
