import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { kernelModule } from '../kernels/kernel-module.js';
import { allocate, release } from '../kernels/wasm-memory.js';
import { type KernelCall, wasmKernel } from './wasm-kernel.js';

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
    const [xAt, dyAt, outAt] = [x, dy, out].map(({ dataId }) => backend.getMemoryOffset(dataId));
    multiplyWindows(backend, info, { x: xAt, dy: dyAt, out: outAt });
    return out;
  },
);

interface Addresses {
  readonly x: number;
  readonly dy: number;
  readonly out: number;
}

/**
 * For each row of the filter, the windows of x that it meets as one matrix, transposed, by dy:
 * `[FW C, B OH OW] [B OH OW, D]`. Places beside x are zeros in it.
 */
function multiplyWindows(
  backend: BackendWasm,
  info: backend_util.Conv2DInfo,
  { x, dy, out }: Addresses,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const { functions } = kernelModule(backend, false); // the same digits in every engine
  const places = batchSize * outHeight * outWidth;
  const taps = filterWidth * inChannels;
  const windows = allocate(backend, Math.max(places * (taps + 8) * 4, 4)); // and the last columns of dy, padded to 8
  const padded = windows + places * taps * 4;
  for (let row = 0; row < filterHeight; row++) {
    for (let i = 0; i < batchSize * outHeight; i++) {
      const [b, oh] = [Math.floor(i / outHeight), i % outHeight];
      const ih = oh * strideHeight + row - padInfo.top;
      const to = windows + i * outWidth * taps * 4;
      if (ih < 0 || ih >= inHeight) functions.fill(to, 0, outWidth * taps);
      else {
        const from = x + (b * inHeight + ih) * inWidth * inChannels * 4;
        const strides = [filterWidth, strideWidth, padInfo.left] as const;
        functions.unfoldRow(from, to, inWidth, inChannels, outWidth, ...strides);
      }
    }
    const to = out + row * taps * outChannels * 4;
    functions.matmul(windows, 1, taps, dy, to, taps, outChannels, places, 0, 0, padded);
  }
  release(backend, windows);
}

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
