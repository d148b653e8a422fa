import {
  backend_util,
  Conv2DBackpropFilter,
  sumOutType,
  UnsortedSegmentSum,
  type Conv2DBackpropFilterAttrs,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { kernelModule } from '../kernels/kernel-module.js';
import type { NumericArray } from '../kernels/tensor-type.js';
import { allocate, release } from '../kernels/wasm-memory.js';
import { packing } from '../ops/product.js';

/** One call of a kernel, its inputs and attributes typed. */
interface KernelCall<InputName extends string, Attributes extends object> {
  readonly inputs: Readonly<Record<InputName, TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/**
 * The config that registers `run` as a kernel of the wasm backend. The type parameters state what the tfjs operation
 * of that name passes.
 */
function wasmKernel<InputName extends string, Attributes extends object>(
  kernelName: string,
  run: (call: KernelCall<InputName, Attributes>) => TensorInfo,
): KernelConfig {
  // tfjs types the calls of all kernels alike; the operation has checked and named what it passes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { kernelName, backendName: 'wasm', kernelFunc: run as KernelFunc };
}

type SegmentCall = KernelCall<'x' | 'segmentIds', UnsortedSegmentSumAttrs>;

/** `tf.unsortedSegmentSum`, the gradient of `tf.gather` and so of an embedding look-up. */
export const unsortedSegmentSumConfig = wasmKernel(
  UnsortedSegmentSum,
  ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }: SegmentCall) => {
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) {
      throw new RangeError(
        `UnsortedSegmentSum: segmentIds must be [n] for x of [n, ...]; got segmentIds [${segmentIds.shape.join()}] for x ` +
          `[${x.shape.join()}]; reshape x so that its first dimension counts the ids`,
      );
    }
    const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], sumOutType(x.dtype));
    // Views are taken after the output's allocation, which may have moved the heap.
    unsortedSegmentSum(
      backend.typedArrayFromHeap(x),
      backend.typedArrayFromHeap(segmentIds),
      numSegments,
      backend.typedArrayFromHeap(out),
    );
    return out;
  },
);

/**
 * Sums the rows of `x` that have the same id: `out[s] = Σ x[i]` over the `i` with `segmentIds[i] = s`, in their
 * order. A row whose id is negative or `numSegments` and above is left out; a segment without rows is 0.
 *
 * Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/UnsortedSegmentSum, which drops negative ids and
 * doesn't say what happens to ids above the range.
 *
 * @param x - `[n, ...]`, rows of `out.length / numSegments` values
 * @param segmentIds - `[n]`, in any order
 * @param out - `[numSegments, ...]`, written whole
 */
export function unsortedSegmentSum(
  x: NumericArray,
  segmentIds: NumericArray,
  numSegments: number,
  out: NumericArray,
): void {
  out.fill(0);
  const width = numSegments === 0 ? 0 : out.length / numSegments;
  for (let i = 0; i < segmentIds.length; i++) {
    const segment = segmentIds[i];
    if (segment < 0 || segment >= numSegments) continue;
    const from = i * width;
    const to = segment * width;
    for (let j = 0; j < width; j++) out[to + j] += x[from + j];
  }
}

type Conv2dCall = KernelCall<'x' | 'dy', Conv2DBackpropFilterAttrs>;

/** The gradient of `tf.conv2d`, and so of `tf.conv1d`, with respect to its filter. */
export const conv2dBackpropFilterConfig = wasmKernel(
  Conv2DBackpropFilter,
  ({ inputs: { x, dy }, attrs, backend }: Conv2dCall) => {
    const info = conv2dInfo(x, attrs);
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
 * `[FW C, B OH OW] [B OH OW, D]`. Positions outside x are zeros in it.
 */
function multiplyWindows(
  backend: BackendWasm,
  info: backend_util.Conv2DInfo,
  { x, dy, out }: Addresses,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const { functions } = kernelModule(backend, false); // the same digits in every engine
  const positions = batchSize * outHeight * outWidth;
  const taps = filterWidth * inChannels;
  const sizes = { M: taps, N: outChannels, K: positions, transposeA: true, transposeB: false };
  const { packs, scratchBytes } = packing(sizes);
  const windows = allocate(backend, Math.max(positions * taps * 4 + scratchBytes, 4));
  const scratch = windows + positions * taps * 4;
  const right = [outChannels, 1] as const;
  const matrix = [taps, outChannels, positions] as const;
  for (let row = 0; row < filterHeight; row++) {
    for (let i = 0; i < batchSize * outHeight; i++) {
      const [b, oh] = [Math.floor(i / outHeight), i % outHeight];
      const ih = oh * strideHeight + row - padInfo.top;
      const to = windows + i * outWidth * taps * 4;
      if (ih < 0 || ih >= inHeight) functions.fill(to, 0, outWidth * taps);
      else {
        const from = x + (b * inHeight + ih) * inWidth * inChannels * 4;
        const strides = [filterWidth, strideWidth, padInfo.left] as const;
        functions.unfoldRow(from, to, inWidth, inChannels, outWidth, ...strides); // bounded: three
      }
    }
    const to = out + row * taps * outChannels * 4;
    functions.matmul(windows, 1, taps, dy, ...right, to, ...matrix, 0, 0, 0, packs, scratch); // bounded: five
  }
  release(backend, windows);
}

function conv2dInfo(
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
