import {
  add,
  matMul,
  reshape,
  transpose,
  type Rank,
  type ShapeMap,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** `x Wᵀ + b` over the last axis, `[…, in]` to `[…, out]`: `F.linear`, with weight `[out, in]` and bias `[out]`. */
export function affine<R extends Rank>(x: Tensor<R>, weight: Tensor2D, bias: Tensor1D): Tensor<R> {
  const [outFeatures, inFeatures] = weight.shape;
  const rows = reshape<Rank.R2>(x, [x.size / inFeatures, inFeatures]);
  // Not matMul's own transposition: tfjs' wasm kernel walks a transposed factor by columns, 4x slower forward.
  const y = add(matMul(rows, transpose(weight)), bias);
  return reshape<R>(y, [...x.shape.slice(0, -1), outFeatures] as ShapeMap[R]);
}
