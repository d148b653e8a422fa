import { getBackend, tidy, variable } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * A variable of a model that is made.
 *
 * @param initial - makes its first value
 * @param trainable - whether it is a parameter; otherwise it is a buffer or a counter
 * @throws Error when no backend runs
 */
export function newVariable<R extends Rank>(
  initial: () => Tensor<R>,
  trainable: boolean,
): Variable<R> {
  try {
    return tidy(() => variable(initial(), trainable));
  } catch (cause) {
    const backend: string | undefined = getBackend(); // the type leaves out: before the first, undefined
    if (backend !== undefined) throw cause;
    throw new Error(
      'a TensorFlow.js backend must run before a model is made; got none; await startBackend() of @llm101/wasm first',
      { cause },
    );
  }
}
