import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { bytesOf } from '../kernels/tensor-type.js';
import type { DepthwiseArguments } from '../kernels/window-kernels.js';
import { describeTensors, isTensor, ownOp } from './own-op.js';

const INPUT_GRADIENT = 'DepthwiseConv2dNativeBackpropInput';
const FILTER_GRADIENT = 'DepthwiseConv2dNativeBackpropFilter';

/** The gradient for x of `tf.depthwiseConv2d`, given that of its output. */
export const depthwiseInputGradient = ownOp({
  kernelName: INPUT_GRADIENT,
  inputNames: ['dy', 'filter'],
  outputs({ dy, filter }, attrs) {
    const shape = shapeOf(attrs['inputShape']);
    check(INPUT_GRADIENT, { dy, filter }, infoOf(shape, filter.shape, attrs));
    return [{ shape, dtype: 'float32' }];
  },
  lower({ dy, filter }, node) {
    const [out] = node.outputs;
    const sizes = sizesOf(infoOf(out.shape, filter.shape, node.attrs));
    const args = [dy, filter, out, ...sizes];
    return kernelInstruction(node, [{ kernel: 'depthwiseInputGradient', args }]);
  },
});

/** The gradient for the filter of `tf.depthwiseConv2d`, given that of its output. */
export const depthwiseFilterGradient = ownOp({
  kernelName: FILTER_GRADIENT,
  inputNames: ['x', 'dy'],
  outputs({ x, dy }, attrs) {
    const shape = shapeOf(attrs['filterShape']);
    check(FILTER_GRADIENT, { dy, x }, infoOf(x.shape, shape, attrs));
    return [{ shape, dtype: 'float32' }];
  },
  lower({ x, dy }, node) {
    const [out] = node.outputs;
    const sizes = sizesOf(infoOf(x.shape, out.shape, node.attrs));
    const args = [x, dy, out, { scratch: 0 }, ...sizes];
    return kernelInstruction(node, [{ kernel: 'depthwiseFilterGradient', args }], {
      scratchBytes: bytesOf(out),
    });
  },
});

interface DepthwiseAttrs {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const shapeOf = (shape: unknown): number[] => (Array.isArray(shape) ? shape.map(Number) : []);

function check(
  where: string,
  { dy, ...others }: Readonly<Record<string, TensorInfo>>,
  { outShape }: backend_util.Conv2DInfo,
): void {
  const isFloat = Object.values(others).every(({ dtype }) => dtype === 'float32');
  if (isFloat && isTensor(dy, 'float32', outShape)) return;
  throw new RangeError(
    `${where}: dy must be float32 of the convolution's output shape, [${outShape.join()}], all others float32; ` +
      `got ${describeTensors({ dy, ...others })}`,
  );
}

function infoOf(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs as NamedAttrMap & DepthwiseAttrs;
  return backend_util.computeConv2DInfo(
    xShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
}

function sizesOf(info: backend_util.Conv2DInfo): DepthwiseArguments {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, outHeight, outWidth } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  return [
    ...([batchSize, inHeight, inWidth, inChannels, outChannels / inChannels] as const),
    ...([outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth] as const),
    ...([info.dilationHeight, info.dilationWidth, padInfo.top, padInfo.left] as const),
  ];
}
