import {
  engine,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

const NAME = 'CausalAttention';
const GRADIENT = 'CausalAttentionGrad';

/**
 * `CausalAttention`: `qkv` `[B, T, 3 C]` has queries, keys and values side by side, each of `heads` parts. Position t attends
 * to the positions from `starts[b, t]`, `[B, T]` int32, to itself: y `[B, T, C]`, and for the gradient the logarithms of
 * the softmax' denominators `[B, T, heads]`. `F.scaled_dot_product_attention` with a mask, and what goes around it.
 */
export const causalAttentionConfig = ownKernel({
  kernelName: NAME,
  inputNames: ['qkv', 'starts'],
  outputs({ qkv, starts }, attrs): TensorType[] {
    const { B, T, C, heads } = sizesOf(NAME, { qkv, starts }, attrs);
    return [
      { shape: [B, T, C], dtype: 'float32' },
      { shape: [B, T, heads], dtype: 'float32' },
    ];
  },
});

/** The gradient for qkv, given that of y. */
export const causalAttentionGradConfig = ownKernel({
  kernelName: GRADIENT,
  inputNames: ['qkv', 'starts', 'sums', 'dy'],
  outputs({ qkv, starts, sums, dy }, attrs): TensorType[] {
    const { B, T, C, heads } = sizesOf(GRADIENT, { qkv, starts }, attrs);
    if (!isTensor(sums, 'float32', [B, T, heads]) || !isTensor(dy, 'float32', [B, T, C])) {
      throw new RangeError(
        `${GRADIENT}: sums must be float32 [B, T, heads], dy [B, T, C]; got ${describeTensors({ qkv, sums, dy })}`,
      );
    }
    return [{ shape: qkv.shape, dtype: 'float32' }];
  },
});

function sizesOf(
  where: string,
  { qkv, starts }: Readonly<Record<'qkv' | 'starts', TensorInfo>>,
  { heads }: NamedAttrMap,
) {
  const [B, T, width] = qkv.shape;
  const isFloat = qkv.dtype === 'float32' && qkv.shape.length === 3;
  if (!isFloat || width % 3 !== 0 || width === 0 || !isTensor(starts, 'int32', [B, T])) {
    throw new RangeError(
      `${where}: qkv must be float32 [B, T, 3 C] with C from 1 on, starts int32 [B, T]; got ${describeTensors({ qkv, starts })}`,
    );
  }
  const C = width / 3;
  if (typeof heads !== 'number' || !(heads >= 1) || C % heads !== 0) {
    throw new RangeError(
      `${where}: heads must be a whole number that divides the ${C} channels; got ${describeValue(heads)}`,
    );
  }
  return { B, T, C, heads };
}

/** The gradient of y. The logarithms are handed out without one. */
export const causalAttentionGradient: GradConfig = {
  kernelName: NAME,
  inputsToSave: ['qkv', 'starts'],
  outputsToSave: [false, true],
  gradFunc(dys, [qkv, starts, sums], attrs) {
    const inputs = { qkv, starts, sums, dy: [dys].flat()[0] };
    return { qkv: (): Tensor => engine().runKernel(GRADIENT, inputs, attrs) as Tensor };
  },
};
