import {
  tensor,
  tidy,
  variable,
  type Rank,
  type ShapeMap,
  type Variable,
} from '@tensorflow/tfjs-core';

/** A variable that starts with these float32 values, row-major; one that isn't trainable is a buffer. */
export function parameter<R extends Rank>(
  values: Float32Array,
  shape: ShapeMap[R],
  trainable = true,
): Variable<R> {
  return tidy(() => variable(tensor<R>(values, shape, 'float32'), trainable));
}
