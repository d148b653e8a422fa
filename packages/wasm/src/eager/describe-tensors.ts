import type { TensorInfo } from '@tensorflow/tfjs-core';

/** `x float32 [2,3], weight float32 [3]`, for an error's "got". */
export function describeTensors(tensors: Readonly<Record<string, TensorInfo>>): string {
  return Object.entries(tensors)
    .map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join()}]`)
    .join(', ');
}

/** Whether a tensor has a type and a shape. */
export function isTensor(
  info: TensorInfo,
  dtype: 'float32' | 'int32',
  shape: readonly number[],
): boolean {
  return info.dtype === dtype && info.shape.join() === shape.join();
}

/** An attribute's value, for an error's "got". */
export const describeValue = (value: unknown): string => String(value);
