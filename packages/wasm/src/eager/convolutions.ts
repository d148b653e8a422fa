import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  DepthwiseConv2dNative,
  getKernel,
  util,
  type Conv2DAttrs,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { composedKernel, type Call, type Inputs } from './composed-kernel.js';

type Padding = Conv2DAttrs['pad'];

const TO_CHANNELS_LAST = { perm: [0, 2, 3, 1] };
const TO_CHANNELS_FIRST = { perm: [0, 3, 1, 2] };

/**
 * The backend's convolution, of any padding, rounding and layout. XNNPACK computes the output's size itself, by rounding
 * down, and gives zeros for `'same'` with a stride above the filter's size; here it is given the padding that leads to the
 * size tfjs expects. `[B, C, H, W]` is transposed there and back.
 */
export function exactConvolution(stock: KernelConfig): KernelConfig {
  const { kernelName } = stock;
  const channelsFirst = composedKernel(kernelName, (call, inputs, attrs) => {
    const x = call('Transpose', { x: inputs['x'] }, TO_CHANNELS_LAST);
    const pad = paddingOfChannelsLast(attrs['pad'] as Padding);
    const last = { ...attrs, pad, dataFormat: 'NHWC' };
    return call('Transpose', { x: call(kernelName, { ...inputs, x }, last) }, TO_CHANNELS_FIRST);
  });
  return {
    ...stock,
    kernelFunc(params) {
      const { inputs, backend } = params;
      const attrs = params.attrs as NamedAttrMap & Conv2DAttrs; // what tf.conv2d and tf.depthwiseConv2d pass
      if (attrs.dataFormat === 'NCHW') return channelsFirst.kernelFunc(params);
      const isDepthwise = kernelName === DepthwiseConv2dNative;
      const info = convolutionInfo(
        inputs as { x: TensorInfo; filter: TensorInfo },
        attrs,
        isDepthwise,
      );
      const wasm = backend as BackendWasm; // the one it is registered for
      const size: number[] = info.outShape;
      if (util.sizeFromShape(size) === 0) return wasm.makeOutput(size, 'float32');
      const exact = { ...params.attrs, pad: exactPadding(info), dimRoundingMode: 'floor' };
      const [x] = [stock.kernelFunc({ ...params, attrs: exact })].flat();
      if (x.shape.join() === size.join()) return x;
      // For strides that differ tfjs reckons the width with that of the height, and may leave out the last windows.
      const slice = getKernel('Slice', 'wasm');
      const part = slice.kernelFunc({
        inputs: { x },
        attrs: { begin: [0, 0, 0, 0], size },
        backend,
      });
      wasm.disposeData(x.dataId);
      return part;
    },
  };
}

function convolutionInfo(
  { x, filter }: { readonly x: TensorInfo; readonly filter: TensorInfo },
  { strides, dilations, pad, dimRoundingMode }: Conv2DAttrs,
  isDepthwise: boolean,
): backend_util.Conv2DInfo {
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  if (info.outShape.every((size) => size >= 0)) return info;
  throw new RangeError(
    `${isDepthwise ? DepthwiseConv2dNative : Conv2D}: the filter must fit into the padded input; got a filter ` +
      `[${filter.shape.join()}] for x [${x.shape.join()}]; pad x or use a smaller filter`,
  );
}

/** Padding with which `(in + pad - filter) / stride + 1`, rounded down, is the output's size. */
function exactPadding(info: backend_util.Conv2DInfo): Padding {
  const { top, left } = info.padInfo;
  const { outHeight, strideHeight, effectiveFilterHeight, inHeight } = info;
  const { outWidth, strideWidth, effectiveFilterWidth, inWidth } = info;
  const height = (outHeight - 1) * strideHeight + effectiveFilterHeight;
  const width = (outWidth - 1) * strideWidth + effectiveFilterWidth;
  const bottom = Math.max(height - inHeight - top, 0);
  const right = Math.max(width - inWidth - left, 0);
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function paddingOfChannelsLast(pad: Padding): Padding {
  if (!Array.isArray(pad)) return pad;
  const [batch, channels, height, width] = pad;
  return [batch, height, width, channels];
}

/** The gradient of `tf.conv2d` for its filter, also of `[B, C, H, W]`, by the kernel for `[B, H, W, C]`. */
export function anyLayout(config: KernelConfig): KernelConfig {
  const channelsFirst = composedKernel(Conv2DBackpropFilter, (call, inputs, attrs) => {
    const x = call('Transpose', { x: inputs['x'] }, TO_CHANNELS_LAST);
    const dy = call('Transpose', { x: inputs['dy'] }, TO_CHANNELS_LAST);
    const pad = paddingOfChannelsLast(attrs['pad'] as Padding);
    return call(Conv2DBackpropFilter, { x, dy }, { ...attrs, pad, dataFormat: 'NHWC' });
  });
  return {
    ...config,
    kernelFunc: (params) =>
      (params.attrs?.['dataFormat'] === 'NCHW' ? channelsFirst : config).kernelFunc(params),
  };
}

/** A fused convolution as its parts: the backend's own takes no bias but `[C]`, and no layout but `[B, H, W, C]`. */
export const fusedConvolution = (kernelName: string, convolution: string): KernelConfig =>
  composedKernel(kernelName, (call, { x, filter, bias, preluActivationWeights }, attrs) => {
    const channels = (info: TensorInfo): TensorInfo =>
      attrs['dataFormat'] === 'NCHW' && info.shape.length === 1
        ? call('Reshape', { x: info }, { shape: [info.shape[0], 1, 1] })
        : info;
    const y = call(convolution, { x, filter }, attrs);
    return addAndActivate({ call, attrs, channels }, y, { bias, preluActivationWeights });
  });

/** `tf.fused.matMul` as its parts: the backend's own takes no bias but `[N]`. */
export const fusedMatMul = composedKernel('_FusedMatMul', (call, inputs, attrs) => {
  const { a, b, bias, preluActivationWeights } = inputs;
  const { transposeA, transposeB } = attrs;
  const y = call('BatchMatMul', { a, b }, { transposeA, transposeB });
  return addAndActivate({ call, attrs, channels: asItIs }, y, { bias, preluActivationWeights });
});

const asItIs = (info: TensorInfo): TensorInfo => info;

interface Fused {
  readonly call: Call;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** Makes a tensor of one value a channel fit the output's layout. */
  readonly channels: (info: TensorInfo) => TensorInfo;
}

/** The bias and the activation behind a product. */
function addAndActivate(
  { call, attrs, channels }: Fused,
  product: TensorInfo,
  { bias, preluActivationWeights: alpha }: Inputs,
): TensorInfo {
  // An optional input that isn't there is null or undefined.
  const x = bias ? call('Add', { a: product, b: channels(bias) }) : product;
  const { activation, leakyreluAlpha } = attrs;
  switch (activation) {
    case 'relu':
      return call('Relu', { x });
    case 'relu6':
      return call('Relu6', { x });
    case 'elu':
      return call('Elu', { x });
    case 'sigmoid':
      return call('Sigmoid', { x });
    case 'leakyrelu':
      return call('LeakyRelu', { x }, { alpha: leakyreluAlpha });
    case 'prelu':
      return call('Prelu', { x, alpha: alpha && channels(alpha) });
    default:
      return x;
  }
}
