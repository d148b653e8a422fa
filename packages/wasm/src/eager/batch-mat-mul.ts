import {
  BatchMatMul,
  broadcast_util,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { ownKernel } from './own-kernel.js';

/**
 * `tf.matMul`: `[…, M, K]` by `[…, K, N]`, the axes before them broadcast. It takes the place of the backend's own, which
 * packs its right operand anew at each call and walks a transposed one by columns.
 */
export const batchMatMulConfig = ownKernel({
  kernelName: BatchMatMul,
  inputNames: ['a', 'b'],
  outputs({ a, b }, { transposeA, transposeB }: NamedAttrMap): TensorType[] {
    const [M, K] = matrix(a, transposeA === true);
    const [inner, N] = matrix(b, transposeB === true);
    if (K !== inner || a.dtype !== 'float32' || b.dtype !== 'float32') {
      throw new RangeError(
        `BatchMatMul: the factors must be float32, the left with as many columns as the right has rows; ` +
          `got ${describe(a, transposeA === true)} and ${describe(b, transposeB === true)}`,
      );
    }
    const batch = broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    );
    return [{ shape: [...batch, M, N], dtype: 'float32' }];
  },
});

/** Rows and columns of a factor as it enters the product. */
function matrix({ shape }: TensorInfo, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function describe({ dtype, shape }: TensorInfo, transposed: boolean): string {
  return `${dtype} [${shape.join()}]${transposed ? ' transposed' : ''}`;
}
