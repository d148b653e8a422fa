import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import type { PoolArguments } from '../kernels/window-kernels.js';
import { describeTensors, ownOp, type OwnOp, type Typed } from './own-op.js';

/** The windows of a pooling; an image of two dimensions has a depth of 1. */
interface Windows {
  readonly outShape: readonly number[];
  readonly sizes: PoolArguments;
}

interface PoolAttrs {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Pool3dAttrs {
  readonly filterSize: [number, number, number] | number;
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** `tf.maxPool`, `tf.maxPool3d`: the largest value of each window. `F.max_pool2d`, but that a NaN beside numbers is left out. */
const maxPool = (kernelName: string): OwnOp =>
  ownOp({
    kernelName,
    inputNames: ['x'],
    outputs: ({ x }, attrs) => [
      { shape: windowsOf(kernelName, x, attrs).outShape, dtype: 'float32' },
    ],
    lower({ x }, node) {
      const { sizes } = windowsOf(kernelName, x, node.attrs);
      return kernelInstruction(node, [{ kernel: 'maxPool', args: [x, ...node.outputs, ...sizes] }]);
    },
  });

/**
 * `tf.avgPool`, `tf.avgPool3d`: the mean of each window. `F.avg_pool2d` with `count_include_pad=False`.
 *
 * @param least - what the sum of an empty window is divided by
 */
const avgPool = (kernelName: string, least: number): OwnOp =>
  ownOp({
    kernelName,
    inputNames: ['x'],
    outputs: ({ x }, attrs) => [
      { shape: windowsOf(kernelName, x, attrs).outShape, dtype: 'float32' },
    ],
    lower({ x }, node) {
      const { sizes } = windowsOf(kernelName, x, node.attrs);
      return kernelInstruction(node, [
        { kernel: 'avgPool', args: [x, ...node.outputs, least, ...sizes] },
      ]);
    },
  });

/** The gradient for x of a pooling, given that of its output. */
const poolGradient = (kernelName: string, kernel: 'maxPoolGradient' | 'avgPoolGradient'): OwnOp =>
  ownOp({
    kernelName,
    inputNames: ['dy', 'input'],
    outputs({ dy, input }, attrs) {
      windowsOf(kernelName, input, attrs, dy);
      return [{ shape: input.shape, dtype: 'float32' }];
    },
    lower({ dy, input }, node) {
      const { sizes } = windowsOf(kernelName, input, node.attrs, dy);
      const read = kernel === 'maxPoolGradient' ? [input, dy] : [dy]; // an average's slopes don't depend on values
      return kernelInstruction(node, [{ kernel, args: [...read, ...node.outputs, ...sizes] }]);
    },
  });

/** `tf.maxPoolWithArgmax`: the largest values and where they are. `F.max_pool2d(…, return_indices=True)`. */
const maxPoolWithArgmax = ownOp({
  kernelName: 'MaxPoolWithArgmax',
  inputNames: ['x'],
  outputs({ x }, attrs) {
    const shape = windowsOf('MaxPoolWithArgmax', x, attrs).outShape;
    return [
      { shape, dtype: 'float32' },
      { shape, dtype: 'int32' },
    ];
  },
  lower({ x }, node) {
    const { sizes } = windowsOf('MaxPoolWithArgmax', x, node.attrs);
    const [pooled, indices] = node.outputs;
    const inBatch = node.attrs['includeBatchInIndex'] === true ? 1 : 0;
    return kernelInstruction(node, [
      { kernel: 'maxPool', args: [x, pooled, ...sizes] },
      { kernel: 'maxPoolIndices', args: [x, indices, inBatch, ...sizes] },
    ]);
  },
});

/** All of tfjs' poolings, in place of the backend's own, some of which are wrong. */
export const poolings: readonly OwnOp[] = [
  maxPool('MaxPool'),
  maxPool('MaxPool3D'),
  avgPool('AvgPool', 0),
  avgPool('AvgPool3D', 1), // as tfjs' CPU backend, which differs between the two
  poolGradient('MaxPoolGrad', 'maxPoolGradient'),
  poolGradient('MaxPool3DGrad', 'maxPoolGradient'),
  poolGradient('AvgPoolGrad', 'avgPoolGradient'),
  poolGradient('AvgPool3DGrad', 'avgPoolGradient'),
  maxPoolWithArgmax,
];

/**
 * The windows that a pooling of x has.
 *
 * @param dy - the gradient of its output, whose shape counts where the attributes don't say how to round
 */
function windowsOf(kernelName: string, x: Typed, attrs: NamedAttrMap, dy?: Typed): Windows {
  const is3d = kernelName.includes('3D');
  const rank = is3d ? 5 : 4;
  if (x.shape.length !== rank || x.dtype !== 'float32' || (dy ?? x).dtype !== 'float32') {
    throw new RangeError(
      `${kernelName}: the tensors must be float32 [B, ${is3d ? 'D, ' : ''}H, W, C]; ` +
        `got ${describeTensors({ x, ...(dy && { dy }) })}`,
    );
  }
  const info = is3d ? info3d(x.shape, attrs) : info2d(x.shape, attrs);
  const { batchSize, inChannels: channels } = info;
  const shapeOf = (places: readonly number[]): number[] => [
    batchSize,
    ...(is3d ? places : places.slice(1)),
    channels,
  ];
  const expected = shapeOf(info.out);
  if (info.out.some((size) => size < 0)) {
    throw new RangeError(
      `${kernelName}: the window must fit into the padded x; got [${info.filter.join()}] for x [${x.shape.join()}]`,
    );
  }
  const outShape = dy?.shape ?? expected;
  if (
    outShape.length !== rank ||
    outShape.some((size, i) => Math.abs(size - expected[i]) > (rounds(attrs, i, rank) ? 1 : 0))
  ) {
    throw new RangeError(
      `${kernelName}: dy must have the shape of the pooling's output, [${expected.join()}]; got [${outShape.join()}]`,
    );
  }
  const out = [...(is3d ? [] : [1]), ...outShape.slice(1, -1)];
  const steps = isCopy(info, x.shape, outShape)
    ? [1, 1, 1, 0, 0, 0]
    : [...info.strides, ...info.before];
  const sizes = [batchSize, ...info.in, channels, ...out, ...info.filter, ...steps];
  return { outShape, sizes: sizes as PoolArguments };
}

/** Whether the attributes leave open how a place of the output's shape was rounded: those of the gradient of `avgPool` do. */
const rounds = ({ dimRoundingMode }: NamedAttrMap, axis: number, rank: number): boolean =>
  (dimRoundingMode ?? undefined) === undefined && axis > 0 && axis < rank - 1;

/**
 * Whether windows of one value give a tensor of the same shape. They copy it, whatever the steps: tfjs' CPU backend does so, and
 * its specs expect it.
 */
function isCopy({ filter }: Info, shape: readonly number[], outShape: readonly number[]): boolean {
  return filter.every((size) => size === 1) && outShape.every((size, i) => size === shape[i]);
}

/** Sizes of a pooling along depth, height and width. */
interface Info {
  readonly batchSize: number;
  readonly inChannels: number;
  readonly in: readonly number[];
  readonly out: readonly number[];
  readonly filter: readonly number[];
  readonly strides: readonly number[];
  /** Padding before x. */
  readonly before: readonly number[];
}

function info2d(shape: readonly number[], attrs: NamedAttrMap): Info {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as NamedAttrMap & PoolAttrs;
  const info = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    ...info,
    in: [1, info.inHeight, info.inWidth],
    out: [1, info.outHeight, info.outWidth],
    filter: [1, info.filterHeight, info.filterWidth],
    strides: [1, info.strideHeight, info.strideWidth],
    before: [0, info.padInfo.top, info.padInfo.left],
  };
}

function info3d(shape: readonly number[], attrs: NamedAttrMap): Info {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as NamedAttrMap & Pool3dAttrs;
  const info = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    ...info,
    in: [info.inDepth, info.inHeight, info.inWidth],
    out: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}
