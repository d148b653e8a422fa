import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { conv2dBackpropFilter } from '../reference/conv2d-backprop-filter.js';
import { wasmKernel, type KernelCall } from './wasm-kernel.js';

type Call = KernelCall<'x' | 'dy', Conv2DBackpropFilterAttrs>;

/** The gradient of `tf.conv2d`, and so of `tf.conv1d`, with respect to its filter. */
export const conv2dBackpropFilterConfig = wasmKernel(
  Conv2DBackpropFilter,
  ({ inputs: { x, dy }, attrs, backend }: Call) => {
    const info = sizes(x, attrs);
    if (dy.shape.join() !== info.outShape.join()) {
      throw new RangeError(
        `Conv2DBackpropFilter: dy must have the shape of the convolution's output, [${info.outShape.join()}]; got [${dy.shape.join()}]`,
      );
    }
    const out = backend.makeOutput(info.filterShape, 'float32');
    // Views are taken after the output's allocation, which may have moved the heap.
    conv2dBackpropFilter(
      backend.typedArrayFromHeap(x),
      backend.typedArrayFromHeap(dy),
      info,
      backend.typedArrayFromHeap(out),
    );
    return out;
  },
);

function sizes(
  x: TensorInfo,
  { filterShape, strides, pad, dimRoundingMode, dataFormat }: Conv2DBackpropFilterAttrs,
): backend_util.Conv2DInfo {
  // The backend's forward convolution refuses NCHW too.
  if (dataFormat !== 'NHWC') {
    throw new RangeError(
      `Conv2DBackpropFilter: dataFormat must be 'NHWC'; got '${dataFormat}'; transpose x to [B, H, W, C]`,
    );
  }
  const [batch, height, width, channels] = x.shape;
  return backend_util.computeConv2DInfo(
    [batch, height, width, channels],
    filterShape,
    strides,
    1, // tfjs-core refuses the gradient of a dilated convolution before it gets here
    pad,
    dimRoundingMode,
  );
}
