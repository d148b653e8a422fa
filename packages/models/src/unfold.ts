import { concat, gather, reshape, slice, tensor1d, type Tensor3D } from '@tensorflow/tfjs-core';

/** How a window moves along the time axis. */
export interface Window {
  /** k: values a window sees. */
  readonly kernelSize: number;
  /** Steps from one window to the next. */
  readonly stride: number;
  /** Steps from one value within a window to the next. */
  readonly dilation: number;
}

/** T': how many windows fit into `length` values. Below 1 none does. */
export function windowCount(length: number, { kernelSize, stride, dilation }: Window): number {
  return Math.floor((length - dilation * (kernelSize - 1) - 1) / stride) + 1;
}

/**
 * Lays each window out as one row, so that a convolution becomes a matrix product.
 *
 * @param x - `[B, T, C]`
 * @returns `[B, T', k C]`, in a row first the C channels of the window's first value, then of its second, …
 */
export function unfold(x: Tensor3D, window: Window): Tensor3D {
  const { kernelSize, stride, dilation } = window;
  const [B, T, C] = x.shape;
  const count = windowCount(T, window);
  if (kernelSize === stride && dilation === 1 && count * stride === T) {
    return reshape(x, [B, count, kernelSize * C]); // the windows tile the input: nothing to copy
  }
  const tap = (k: number): Tensor3D => {
    const first = k * dilation;
    if (stride === 1) return slice(x, [0, first, 0], [B, count, C]);
    const places = Array.from({ length: count }, (_, i) => first + i * stride);
    return gather(x, tensor1d(places, 'int32'), 1);
  };
  return concat(
    Array.from({ length: kernelSize }, (_, k) => tap(k)),
    2,
  );
}
