import { backend_util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { given, numbersOf } from './plain-elementwise.js';

type Shape5 = [number, number, number, number, number];
type Info3d = ReturnType<typeof backend_util.computeConv3DInfo>;

/** Calls `meet` with the first channel of x, of the filter and of the output, for each place where they meet. */
function walkVolume(info: Info3d, meet: (x: number, filter: number, y: number) => void): void {
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outChannels } = info;
  const { outDepth, outHeight, outWidth, filterDepth, filterHeight, filterWidth, padInfo } = info;
  for (let b = 0; b < batchSize; b++) {
    for (let place = 0; place < outDepth * outHeight * outWidth; place++) {
      const [od, oh, ow] = split(place, outHeight, outWidth);
      const y = (b * outDepth * outHeight * outWidth + place) * outChannels;
      for (let tap = 0; tap < filterDepth * filterHeight * filterWidth; tap++) {
        const [fd, fh, fw] = split(tap, filterHeight, filterWidth);
        const d = od * info.strideDepth + fd * info.dilationDepth - padInfo.front;
        const h = oh * info.strideHeight + fh * info.dilationHeight - padInfo.top;
        const w = ow * info.strideWidth + fw * info.dilationWidth - padInfo.left;
        if (d < 0 || d >= inDepth || h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
        const x = (((b * inDepth + d) * inHeight + h) * inWidth + w) * inChannels;
        meet(x, tap * inChannels * outChannels, y);
      }
    }
  }
}

function split(i: number, height: number, width: number): [number, number, number] {
  return [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
}

/** The gradient of `tf.conv3d` for its input; the backend's own is wrong. */
export const conv3dInputGradient: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { dy, filter } = given(inputs);
  const shape = attrs['inputShape'] as Shape5;
  return conv3dGradient(backend as BackendWasm, {
    info: conv3dInfo(shape, filter.shape as Shape5, attrs),
    shape,
    read: [filter, dy],
    add:
      ([w, dOut], sums, { inChannels, outChannels }) =>
      (x, tap, y) => {
        for (let i = 0; i < inChannels; i++) {
          for (let o = 0; o < outChannels; o++) {
            sums[x + i] += w[tap + i * outChannels + o] * dOut[y + o];
          }
        }
      },
  });
};

/** The same for its filter. */
export const conv3dFilterGradient: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { x: input, dy } = given(inputs);
  const shape = attrs['filterShape'] as Shape5;
  return conv3dGradient(backend as BackendWasm, {
    info: conv3dInfo(input.shape as Shape5, shape, attrs),
    shape,
    read: [input, dy],
    add:
      ([values, dOut], sums, { inChannels, outChannels }) =>
      (x, tap, y) => {
        for (let i = 0; i < inChannels; i++) {
          for (let o = 0; o < outChannels; o++) {
            sums[tap + i * outChannels + o] += values[x + i] * dOut[y + o];
          }
        }
      },
  });
};

function conv3dInfo(input: Shape5, filter: Shape5, attrs: object): Info3d {
  const { strides, pad } = attrs as {
    strides: number | [number, number, number];
    pad: 'valid' | 'same';
  };
  return backend_util.computeConv3DInfo(input, filter, strides, 1, pad);
}

interface Gradient {
  readonly info: Info3d;
  readonly shape: number[];
  readonly read: readonly TensorInfo[];
  readonly add: (
    read: readonly ArrayLike<number>[],
    sums: Float64Array,
    info: Info3d,
  ) => (x: number, filter: number, y: number) => void;
}

function conv3dGradient(wasm: BackendWasm, { info, shape, read, add }: Gradient): TensorInfo {
  const out = wasm.makeOutput([...shape], 'float32');
  const to = numbersOf(wasm, out);
  const sums = new Float64Array(to.length);
  const values = read.map((tensor) => numbersOf(wasm, tensor));
  walkVolume(info, add(values, sums, info));
  to.set(sums);
  return out;
}

type Info2d = ReturnType<typeof backend_util.computeDilation2DInfo>;

/** Calls `at` with each place of the output, and where in x and in the filter its largest sum is. */
function walkDilation(
  info: Info2d,
  [x, filter]: readonly ArrayLike<number>[],
  at: (y: number, best: number, xAt: number, filterAt: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  const { filterHeight, filterWidth } = info;
  for (let y = 0; y < batchSize * outHeight * outWidth * inChannels; y++) {
    const c = y % inChannels;
    const [b, oh, ow] = split(Math.floor(y / inChannels), outHeight, outWidth);
    let [best, xAt, filterAt] = [-Infinity, -1, -1];
    for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
      const [, fh, fw] = split(tap, filterHeight, filterWidth);
      const h = oh * info.strideHeight + fh * info.dilationHeight - padInfo.top;
      const w = ow * info.strideWidth + fw * info.dilationWidth - padInfo.left;
      if (h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
      const [from, by] = [
        ((b * inHeight + h) * inWidth + w) * inChannels + c,
        tap * inChannels + c,
      ];
      const sum = x[from] + filter[by];
      if (xAt === -1 || sum > best) [best, xAt, filterAt] = [sum, from, by];
    }
    at(y, best, xAt, filterAt);
  }
}

function dilationInfo(x: TensorInfo, filter: TensorInfo, attrs: object): Info2d {
  const { strides, pad, dilations } = attrs as {
    strides: number | [number, number];
    pad: 'valid' | 'same' | number;
    dilations: number | [number, number];
  };
  return backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
}

/** `tf.dilation2d`; the backend's own begins with the smallest number above 0, so that no sum below 0 comes out. */
export const dilation2d: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { x, filter } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const info = dilationInfo(x, filter, attrs);
  const out = wasm.makeOutput(info.outShape, x.dtype);
  const [to, ...read] = [out, x, filter].map((tensor) => numbersOf(wasm, tensor));
  walkDilation(info, read, (y, best) => {
    to[y] = best;
  });
  return out;
};

/** Its gradients: each output's goes to where its largest sum was. */
export const dilation2dGradient =
  (wanted: 'x' | 'filter'): KernelFunc =>
  ({ inputs, attrs = {}, backend }) => {
    const { x, filter, dy } = given(inputs);
    const wasm = backend as BackendWasm; // the one it is registered for
    const out = wasm.makeOutput([...(wanted === 'x' ? x : filter).shape], 'float32');
    const [to, dOut, ...read] = [out, dy, x, filter].map((tensor) => numbersOf(wasm, tensor));
    to.fill(0);
    walkDilation(dilationInfo(x, filter, attrs), read, (y, _, xAt, filterAt) => {
      to[wanted === 'x' ? xAt : filterAt] += dOut[y];
    });
    return out;
  };
