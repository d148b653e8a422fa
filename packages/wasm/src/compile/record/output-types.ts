import {
  backend_util,
  slice_util,
  upcastType,
  util,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type SliceAttrs,
  type StridedSliceAttrs,
} from '@tensorflow/tfjs-core';
import { isNumeric, type TensorType } from '../../kernels/tensor-type.js';
import { emitEinsum } from '../../ops/einsum.js';
import { ownOps, replacingOps } from '../../ops/index.js';
import type { OwnOp } from '../../ops/own-op.js';
import {
  broadcast,
  convolution,
  cumulative,
  each,
  extreme,
  like,
  likeFirst,
  numbers,
  padded,
  product,
  rangeLength,
  reduction,
  typed,
  type OutputTypes,
  type Rule,
} from './output-rules.js';
import { givenInputs } from './watch-kernels.js';

/** Whether a kernel gives its input's memory another shape or name, and touches none. */
export function isAliasing(kernel: string, inputs: NamedTensorInfoMap): boolean {
  return ALIASING.has(kernel) || (kernel === 'Pack' && Object.keys(inputs).length === 1);
}

const ALIASING = new Set(['Identity', 'Reshape', 'ExpandDims']);

/**
 * Shapes and types of what a kernel returns, without running it.
 *
 * @returns nothing where they aren't known from shapes, types and attributes alone, and where the kernel refuses the call
 */
export function outputTypes(
  kernel: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): OutputTypes | undefined {
  const rule = rules[kernel];
  const given = givenInputs(inputs);
  if (rule === undefined || !given.every(([, { dtype }]) => isNumeric(dtype))) return undefined;
  try {
    const types = rule(Object.fromEntries(given), attrs);
    return types !== undefined && [types].flat().every(isPossible) ? types : undefined;
  } catch {
    return undefined; // the kernel has its own message
  }
}

const isPossible = ({ shape, dtype }: TensorType): boolean =>
  isNumeric(dtype) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);

/** An operation of this package's own. */
const ruleOf =
  (op: OwnOp): Rule =>
  (inputs, attrs) => {
    const types = op.outputs(inputs, attrs);
    return types.length === 1 ? types[0] : types;
  };

/** The kernels of which more is known than that they must run, in the order of what they do. */
const rules: Readonly<Record<string, Rule | undefined>> = {
  // Value by value.
  ...each(
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Elu Erf Expm1 Floor Log Log1p Neg Reciprocal Relu Relu6 ' +
      'Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Step Tan Tanh Softmax LRN Reverse OnesLike ZerosLike AddN',
    likeFirst(),
  ),
  ...each('Exp LeakyRelu EluGrad LRNGrad FusedBatchNorm', likeFirst('float32')),
  ...each('IsFinite IsInf IsNan LogicalNot', likeFirst('bool')),
  ...each(
    'Add Sub Multiply RealDiv Maximum Minimum Mod Pow SquaredDifference Atan2 BitwiseAnd',
    broadcast(),
  ),
  ...each(
    'Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr LogicalXor',
    broadcast(() => 'bool'),
  ),
  FloorDiv: broadcast((both) => (both === 'float32' ? both : 'int32')),
  Prelu: broadcast(() => 'float32'),
  Select: ({ t, e }) => typed(t.shape, upcastType(t.dtype, e.dtype)),
  Cast: ({ x }, { dtype }) => typed(x.shape, dtype as string),
  OneHot: ({ indices }, { depth, dtype }) =>
    typed([...indices.shape, Number(depth)], dtype as string),

  // Along axes.
  ...each('Sum Prod Max Min', reduction()),
  Mean: reduction('float32'),
  ...each('All Any', reduction('bool')),
  ...each('ArgMax ArgMin', extreme),
  ...each('Cumsum Cumprod', cumulative),
  TopK: ({ x }, { k }) => {
    const shape = [...x.shape.slice(0, -1), Number(k)];
    return [typed(shape, x.dtype), typed(shape, 'int32')];
  },

  // Moves.
  Transpose: ({ x }, { perm }) =>
    typed(
      numbers(perm).map((axis) => x.shape[axis]),
      x.dtype,
    ),
  Slice: ({ x }, attrs) => {
    const { begin, size } = attrs as NamedAttrMap & SliceAttrs;
    const [from, sizes] = slice_util.parseSliceParams(x, begin, size);
    slice_util.assertParamsValid(x, from, sizes);
    return typed(sizes, x.dtype);
  },
  StridedSlice: ({ x }, attrs) => {
    const { begin, end, strides, ...masks } = attrs as NamedAttrMap & StridedSliceAttrs;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks;
    const info = slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    return typed(info.finalShape, x.dtype);
  },
  SplitV: ({ x }, { numOrSizeSplits, axis }) => {
    const [at] = util.parseAxisParam(Number(axis), x.shape);
    return backend_util
      .prepareSplitSize(x, numOrSizeSplits as number | number[], at)
      .map((size) => typed(x.shape.with(at, size), x.dtype));
  },
  Concat: (inputs, { axis }) => {
    const all = Object.values(inputs);
    if (all.some(({ dtype }) => dtype !== all[0].dtype)) return undefined; // which is given depends on which are empty
    const [at] = util.parseAxisParam(Number(axis), all[0].shape);
    return typed(
      backend_util.computeOutShape(
        all.map(({ shape }) => shape),
        at,
      ),
      all[0].dtype,
    );
  },
  Pack: (inputs, { axis }) => {
    const all = Object.values(inputs);
    const [{ shape, dtype }] = all;
    if (all.length === 1) return undefined; // the same memory
    const at = Number(axis) < 0 ? Number(axis) + shape.length + 1 : Number(axis);
    return typed(shape.toSpliced(at, 0, all.length), dtype);
  },
  Unpack: ({ value }, { axis }) => {
    const [at] = util.parseAxisParam(Number(axis), value.shape);
    const part = typed(value.shape.toSpliced(at, 1), value.dtype);
    return Array.from({ length: value.shape[at] }, () => part);
  },
  ...each('PadV2 MirrorPad', padded),
  Tile: ({ x }, { reps }) =>
    typed(
      x.shape.map((size, i) => size * numbers(reps)[i]),
      x.dtype,
    ),
  GatherNd: ({ params, indices }) => {
    const width = indices.shape.at(-1) ?? 0;
    return typed([...indices.shape.slice(0, -1), ...params.shape.slice(width)], params.dtype);
  },
  ScatterNd: ({ updates }, { shape }) => typed(numbers(shape), updates.dtype),
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }) =>
    typed(
      [Number(numSegments), ...x.shape.slice(segmentIds.shape.length)],
      x.dtype === 'bool' ? 'int32' : x.dtype,
    ),

  // Of numbers alone.
  Fill: (_, { shape, dtype, value }) => typed(numbers(shape), (dtype ?? typeof value) as string),
  Range: (_, { start, stop, step, dtype }) =>
    typed([rangeLength(Number(start), Number(stop), Number(step))], dtype as string),
  LinSpace: (_, { num }) => typed([Number(num)], 'float32'),
  Multinomial: ({ logits }, { numSamples }) =>
    typed([logits.shape[0], Number(numSamples)], 'int32'),

  // Products.
  BatchMatMul: product,
  _FusedMatMul: product,
  Einsum: (inputs, { equation }) => {
    const result = emitEinsum(equation as string, Object.values(inputs).map(like), (call) => call);
    return typed(result.shape, result.dtype);
  },
  ...each('Conv2D FusedConv2D', convolution(false)),
  ...each('DepthwiseConv2dNative FusedDepthwiseConv2D', convolution(true)),
  Conv2DBackpropInput: (_, { inputShape }) => typed(numbers(inputShape), 'float32'),
  Conv2DBackpropFilter: (_, { filterShape }) => typed(numbers(filterShape), 'float32'),

  ...Object.fromEntries(
    [...ownOps, ...replacingOps]
      .filter(({ kernelName }) => kernelName !== 'BatchMatMul') // which ours is of float32 alone
      .map((op) => [op.kernelName, ruleOf(op)]),
  ),
};
