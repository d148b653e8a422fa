import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import type { GraphNode, Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';

/** Windows that an image `[B, H, W, C]` is seen through: along height and width each. */
export interface Windows {
  readonly batch: number;
  readonly channels: number;
  /** Sizes of the image, of the output and of a window. */
  readonly image: readonly [height: number, width: number];
  readonly out: readonly [height: number, width: number];
  readonly filter: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  /** Padding above and left of the image. */
  readonly before: readonly [top: number, left: number];
}

type Shape4 = [number, number, number, number];
type Pair = [number, number];

interface WindowAttrs {
  readonly filterSize?: Pair | number;
  readonly strides: Pair | number;
  readonly dilations?: Pair | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function attrsOf({ kernel, attrs }: GraphNode): WindowAttrs {
  if (attrs['dataFormat'] === 'NCHW') {
    throw new Error(
      `compile: WebGPU has no kernel for ${kernel} of [B, C, H, W]; transpose to [B, H, W, C]`,
    );
  }
  return attrs as NamedAttrMap & WindowAttrs;
}

/** The windows of a pooling. @param out - its output, or that one's gradient */
export function poolWindows(node: GraphNode, image: Value, out: Value): Windows {
  const { filterSize = 1, strides, pad, dimRoundingMode } = attrsOf(node);
  const shape = [...image.shape] as Shape4;
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const found = windowsOf(info, out.shape);
  // Windows of one element that keep the shape copy it, whatever the steps, as tfjs' do.
  const isCopy =
    found.filter.every((n) => n === 1) && found.out.every((n, i) => n === found.image[i]);
  return isCopy ? { ...found, strides: [1, 1], before: [0, 0] } : found;
}

/** The windows of a convolution. */
export function filterWindows(
  node: GraphNode,
  { image, filter, out }: Readonly<Record<'image' | 'filter' | 'out', readonly number[]>>,
  isDepthwise = false,
): Windows {
  const { strides, dilations, pad, dimRoundingMode } = attrsOf(node);
  const info = backend_util.computeConv2DInfo(
    [...image] as Shape4,
    [...filter] as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  return windowsOf(info, out);
}

function windowsOf(
  info: backend_util.Conv2DInfo,
  [, outHeight, outWidth]: readonly number[],
): Windows {
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    image: [info.inHeight, info.inWidth],
    out: [outHeight, outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
  };
}

/** Where along the height (0) or width (1) of the image a window meets a place of the filter; outside of it what is far too large. */
export function meeting(windows: Windows, axis: 0 | 1, out: string, place: string): string {
  const { strides, dilations, before } = windows;
  return `${out} * ${strides[axis]}u + ${place} * ${dilations[axis]}u - ${before[axis]}u`;
}

/** The other way round: which window meets a place of the image with one of the filter, and whether one does. */
export function windowAt(
  windows: Windows,
  axis: 0 | 1,
  place: string,
  filter: string,
): { readonly window: string; readonly meets: string } {
  const { strides, dilations, before, out } = windows;
  const from = `(${place} + ${before[axis]}u - ${filter} * ${dilations[axis]}u)`;
  const window = `${from} / ${strides[axis]}u`;
  const isWhole = strides[axis] === 1 ? '' : `${from} % ${strides[axis]}u == 0u && `;
  return { window, meets: `${isWhole}${window} < ${out[axis]}u` };
}

/** One invocation for each element of an output, at `i` of `[B, height, width, channels]`: at `b`, `h`, `w` and `c`. */
export function eachElement(
  node: GraphNode,
  context: KernelContext,
  { shape }: Pick<Value, 'shape'>,
  body: (kernel: Kernel) => string,
): Dispatch[] {
  const [B, H, W, C] = shape;
  const count = B * H * W * C;
  if (count === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const statements = `let c = i % ${C}u;
let w = (i / ${C}u) % ${W}u;
let h = (i / ${W * C}u) % ${H}u;
let b = i / ${H * W * C}u;
${body(kernel)}`;
  return [kernel.each(count, statements)];
}
