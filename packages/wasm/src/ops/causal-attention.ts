import {
  engine,
  type GradConfig,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { GraphNode, Value } from '../graph/graph.js';
import { kernelInstruction, type Instruction } from '../graph/instruction.js';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';
import { checkDropout } from './seeded-dropout.js';

const NAME = 'CausalAttention';
const GRADIENT = 'CausalAttentionGrad';
const DROPPING = 'CausalAttentionDropout';
const DROPPING_GRADIENT = 'CausalAttentionDropoutGrad';

/**
 * `engine().runKernel('CausalAttention', { qkv, starts }, { heads, kvHeads })`: `qkv` `[B, T, (heads + 2 kvHeads) d]` has queries,
 * keys and values side by side, each of that many parts; `kvHeads`, `heads` by default, divides them, and `heads / kvHeads` heads that
 * follow one another read the same keys and values. Position t attends to the positions from `starts[b, t]`, `[B, T]` int32, to
 * itself: y `[B, T, heads d]`, and for the gradient the logarithms of the softmax' denominators `[B, T, heads]`.
 * `F.scaled_dot_product_attention` with a mask and `enable_gqa`, and what goes around it.
 * A start beyond t counts as t, one below 0 as 0. Other shapes, types and numbers of heads are refused with a RangeError, a missing
 * input with a TypeError.
 *
 * Source: Ainslie et al. (2023), "GQA: Training Generalized Multi-Query Transformer Models", https://arxiv.org/abs/2305.13245
 */
export const causalAttention = ownOp({
  kernelName: NAME,
  inputNames: ['qkv', 'starts'],
  outputs: (inputs, attrs) => attended(NAME, inputs, attrs),
  lower: (inputs, node) => lowerForward(inputs, node),
  gradient: {
    inputsToSave: ['qkv', 'starts'],
    outputsToSave: [false, true],
    gradFunc: (dys, [qkv, starts, sums], attrs) =>
      gradientsBy(GRADIENT, { qkv, starts, sums, dy: [dys].flat()[0] }, attrs),
  },
});

/** The gradient for qkv, given that of y. */
export const causalAttentionGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['qkv', 'starts', 'sums', 'dy'],
  outputs: (inputs, attrs) => differentiated(GRADIENT, inputs, attrs),
  lower: (inputs, node) => lowerBackward(inputs, node),
});

/**
 * The same with dropout of what each position gives another: `{ qkv, starts, counter }`, `{ heads, rate, seed }`. Its mask is that of
 * `SeededDropout` for a tensor of probabilities `[B, heads, T, T]`, which is never made.
 */
export const droppingAttention = ownOp({
  kernelName: DROPPING,
  inputNames: ['qkv', 'starts', 'counter'],
  outputs({ counter, ...inputs }, attrs) {
    checkDropout(DROPPING, { counter }, attrs);
    return attended(DROPPING, inputs, attrs);
  },
  lower: (inputs, node) => lowerForward(inputs, node),
  gradient: {
    inputsToSave: ['qkv', 'starts', 'counter'],
    outputsToSave: [false, true],
    gradFunc: (dys, [qkv, starts, counter, sums], attrs) =>
      gradientsBy(DROPPING_GRADIENT, { qkv, starts, counter, sums, dy: [dys].flat()[0] }, attrs),
  },
});

/** The gradient for qkv, given that of y. */
export const droppingAttentionGradient = ownOp({
  kernelName: DROPPING_GRADIENT,
  inputNames: ['qkv', 'starts', 'counter', 'sums', 'dy'],
  outputs({ counter, ...inputs }, attrs) {
    checkDropout(DROPPING_GRADIENT, { counter }, attrs);
    return differentiated(DROPPING_GRADIENT, inputs, attrs);
  },
  lower: (inputs, node) => lowerBackward(inputs, node),
});

type Gradients = ReturnType<GradConfig['gradFunc']>;

function gradientsBy(kernel: string, inputs: NamedTensorMap, attrs: NamedAttrMap): Gradients {
  return { qkv: (): Tensor => engine().runKernel(kernel, inputs, attrs) as Tensor };
}

type Infos<Name extends string> = Readonly<Record<Name, TensorInfo>>;

function attended(
  where: string,
  inputs: Infos<'qkv' | 'starts'>,
  attrs: NamedAttrMap,
): TensorType[] {
  const [B, T, heads, , d] = checkedSizes(where, inputs, attrs);
  return [
    { shape: [B, T, heads * d], dtype: 'float32' },
    { shape: [B, T, heads], dtype: 'float32' },
  ];
}

function differentiated(
  where: string,
  { qkv, starts, sums, dy }: Infos<'qkv' | 'starts' | 'sums' | 'dy'>,
  attrs: NamedAttrMap,
): TensorType[] {
  const [B, T, heads, , d] = checkedSizes(where, { qkv, starts }, attrs);
  if (!isTensor(sums, 'float32', [B, T, heads]) || !isTensor(dy, 'float32', [B, T, heads * d])) {
    throw new RangeError(
      `${where}: sums must be float32 [B, T, heads], dy [B, T, heads d]; got ${describeTensors({ qkv, sums, dy })}`,
    );
  }
  return [{ shape: qkv.shape, dtype: 'float32' }];
}

/** B, T, heads, those of keys and values, channels of a head. */
export type AttentionSizes = readonly [
  B: number,
  T: number,
  heads: number,
  kvHeads: number,
  d: number,
];

function checkedSizes(
  where: string,
  { qkv, starts }: Infos<'qkv' | 'starts'>,
  attrs: NamedAttrMap,
): AttentionSizes {
  const { heads, kvHeads = heads } = attrs;
  if (!isCount(heads) || !isCount(kvHeads) || heads % kvHeads !== 0) {
    throw new RangeError(
      `${where}: heads must be a whole number of at least 1, and kvHeads one that divides it; ` +
        `got ${describeValue(heads)} and ${describeValue(kvHeads)}`,
    );
  }
  const [B, T, width] = qkv.shape;
  const parts = heads + 2 * kvHeads;
  const isFloat = qkv.dtype === 'float32' && qkv.shape.length === 3;
  if (!isFloat || width % parts !== 0 || width === 0 || !isTensor(starts, 'int32', [B, T])) {
    throw new RangeError(
      `${where}: qkv must be float32 [B, T, ${parts} d] with d of at least 1, starts int32 [B, T]; got ${describeTensors({ qkv, starts })}`,
    );
  }
  return [B, T, heads, kvHeads, width / parts];
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1;

type Values<Name extends string> = Readonly<Record<Name, Value>> & { readonly counter?: Value };

function lowerForward(
  { qkv, starts, counter }: Values<'qkv' | 'starts'>,
  node: GraphNode,
): Instruction {
  const [sizes, dropout] = [sizesOf(qkv, node), dropoutOf(node)];
  const args = [qkv, starts, counter ?? 0, ...node.outputs, ...sizes, ...dropout, { scratch: 0 }];
  const scratchBytes = attentionScratch(sizes);
  return kernelInstruction(node, [{ kernel: 'causalAttention', args }], { scratchBytes });
}

function lowerBackward(
  { qkv, starts, counter, sums, dy }: Values<'qkv' | 'starts' | 'sums' | 'dy'>,
  node: GraphNode,
): Instruction {
  const [sizes, dropout] = [sizesOf(qkv, node), dropoutOf(node)];
  const given = [qkv, starts, counter ?? 0, sums, dy];
  const args = [...given, ...node.outputs, ...sizes, ...dropout, { scratch: 0 }];
  const scratchBytes = attentionGradientScratch(sizes);
  return kernelInstruction(node, [{ kernel: 'causalAttentionGradient', args }], { scratchBytes });
}

function sizesOf({ shape }: Value, { attrs }: GraphNode): AttentionSizes {
  const [B, T, width] = shape;
  const heads = Number(attrs['heads']);
  const kvHeads = Number(attrs['kvHeads'] ?? heads);
  return [B, T, heads, kvHeads, width / (heads + 2 * kvHeads)];
}

/** Rate and seed; 0 without dropout. */
const dropoutOf = ({ attrs }: GraphNode): [number, number] => [
  Number(attrs['rate'] ?? 0),
  Number(attrs['seed'] ?? 0),
];

/** How many numbers a row of T positions takes in the kernels' own memory, and one of d channels. */
const widthOf = (T: number): number => Math.ceil(T / 8) * 8 + 16;
const depthOf = (d: number): number => Math.ceil(d / 8) * 8;

/** The bytes of the forward kernel's own memory. */
export function attentionScratch([, T, , , d]: AttentionSizes): number {
  const [W, D] = [widthOf(T), depthOf(d)];
  return (d * W + T * D + 5 * W + 4 * D + 4) * 4;
}

/** The bytes of the backward kernel's own memory: of all positions, and of a block of them with all. */
export function attentionGradientScratch([, T, , , d]: AttentionSizes): number {
  const [W, D, R] = [widthOf(T), depthOf(d), Math.min(64, T)];
  return (2 * d * W + 3 * T * D + (2 * R + 1) * W + (2 * R + 4) * D) * 4;
}
