import {
  tensor,
  tidy,
  variable,
  type Rank,
  type ShapeMap,
  type Variable,
} from '@tensorflow/tfjs-core';

/** A trainable variable that starts with these float32 values, row-major. */
export function parameter<R extends Rank>(values: Float32Array, shape: ShapeMap[R]): Variable<R> {
  return tidy(() => variable(tensor<R>(values, shape, 'float32')));
}
