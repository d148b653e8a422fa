import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { GraphNode, Value } from '../graph/graph.js';
import { kernelInstruction } from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

const NAME = 'CausalAttention';
const GRADIENT = 'CausalAttentionGrad';

/**
 * `engine().runKernel('CausalAttention', { qkv, starts }, { heads })`: `qkv` `[B, T, 3 C]` has queries, keys and values side by side, each of `heads` parts. Position t attends
 * to the positions from `starts[b, t]`, `[B, T]` int32, to itself: y `[B, T, C]`, and for the gradient the logarithms of
 * the softmax' denominators `[B, T, heads]`. `F.scaled_dot_product_attention` with a mask, and what goes around it.
 * `heads` is a whole number that divides C. A start beyond t counts as t, one below 0 as 0. Other shapes, types and
 * numbers of heads are refused with a RangeError, a missing input with a TypeError.
 */
export const causalAttention = ownOp({
  kernelName: NAME,
  inputNames: ['qkv', 'starts'],
  outputs({ qkv, starts }, attrs) {
    const { B, T, C, heads } = checkedSizes(NAME, { qkv, starts }, attrs);
    return [
      { shape: [B, T, C], dtype: 'float32' },
      { shape: [B, T, heads], dtype: 'float32' },
    ];
  },
  lower({ qkv, starts }, node) {
    const sizes = sizesOf(qkv, node);
    const args = [qkv, starts, ...node.outputs, ...sizes, { scratch: 0 }];
    const steps = [{ kernel: 'causalAttention', args }] as const;
    return kernelInstruction(node, steps, { scratchBytes: sizes[1] * 4 });
  },
  gradient: {
    inputsToSave: ['qkv', 'starts'],
    outputsToSave: [false, true],
    gradFunc(dys, [qkv, starts, sums], attrs) {
      const inputs = { qkv, starts, sums, dy: [dys].flat()[0] };
      return { qkv: (): Tensor => engine().runKernel(GRADIENT, inputs, attrs) as Tensor };
    },
  },
});

/** The gradient for qkv, given that of y. */
export const causalAttentionGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['qkv', 'starts', 'sums', 'dy'],
  outputs({ qkv, starts, sums, dy }, attrs) {
    const { B, T, C, heads } = checkedSizes(GRADIENT, { qkv, starts }, attrs);
    if (!isTensor(sums, 'float32', [B, T, heads]) || !isTensor(dy, 'float32', [B, T, C])) {
      throw new RangeError(
        `${GRADIENT}: sums must be float32 [B, T, heads], dy [B, T, C]; got ${describeTensors({ qkv, sums, dy })}`,
      );
    }
    return [{ shape: qkv.shape, dtype: 'float32' }];
  },
  lower({ qkv, starts, sums, dy }, node) {
    const sizes = sizesOf(qkv, node);
    const args = [qkv, starts, sums, dy, ...node.outputs, ...sizes, { scratch: 0 }];
    const steps = [{ kernel: 'causalAttentionGradient', args }] as const;
    const [, T, heads, d] = sizes;
    const inDouble = T > LONG ? 2 * heads * d * 8 : 0; // of a position's key and value
    return kernelInstruction(node, steps, { scratchBytes: T * (2 * 4 + inDouble) });
  },
});

function checkedSizes(
  where: string,
  { qkv, starts }: Readonly<Record<'qkv' | 'starts', TensorInfo>>,
  { heads }: NamedAttrMap,
) {
  const [B, T, width] = qkv.shape;
  const isFloat = qkv.dtype === 'float32' && qkv.shape.length === 3;
  if (!isFloat || width % 3 !== 0 || width === 0 || !isTensor(starts, 'int32', [B, T])) {
    throw new RangeError(
      `${where}: qkv must be float32 [B, T, 3 C] with C of at least 1, starts int32 [B, T]; got ${describeTensors({ qkv, starts })}`,
    );
  }
  const C = width / 3;
  if (typeof heads !== 'number' || !Number.isInteger(heads) || heads < 1 || C % heads !== 0) {
    throw new RangeError(
      `${where}: heads must be a whole number that divides the ${C} channels; got ${describeValue(heads)}`,
    );
  }
  return { B, T, C, heads };
}

/** B, T, heads, channels of a head. */
function sizesOf({ shape }: Value, { attrs }: GraphNode): [number, number, number, number] {
  const [B, T, width] = shape;
  const heads = Number(attrs['heads']);
  return [B, T, heads, width / 3 / heads];
}
