import {
  getBackend,
  tensor,
  tidy,
  variable,
  type Rank,
  type ShapeMap,
  type Variable,
} from '@tensorflow/tfjs-core';

/**
 * A variable that starts with these float32 values, row-major; one that isn't trainable is a buffer.
 *
 * @throws Error when no backend runs
 */
export function parameter<R extends Rank>(
  values: Float32Array,
  shape: ShapeMap[R],
  trainable = true,
): Variable<R> {
  try {
    return tidy(() => variable(tensor<R>(values, shape, 'float32'), trainable));
  } catch (cause) {
    const backend: string | undefined = getBackend(); // its type knows no time before the first
    if (backend !== undefined) throw cause;
    throw new Error(
      'parameter: a TensorFlow.js backend must run before a model is made; got none; await startBackend() of @llm101/wasm first',
      { cause },
    );
  }
}
