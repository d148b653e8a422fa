import type { Variable } from '@tensorflow/tfjs-core';
import { wasmBackend } from '../../kernels/wasm-memory.js';

/**
 * @param captured - the data of tensors from outside a step, whose values were copied
 * @throws Error when a variable or tensor that a step reads has been disposed of
 */
export function checkAlive(variables: readonly Variable[], captured: readonly object[]): void {
  for (const { isDisposed, name } of variables) {
    if (!isDisposed) continue;
    throw new Error(
      `compile: variable ${name} must be alive; it has been disposed of; dispose of the compiled step and compile it again`,
    );
  }
  if (captured.length === 0) return;
  const { dataIdMap } = wasmBackend();
  if (captured.every((dataId) => dataIdMap.has(dataId))) return;
  throw new Error(
    'compile: a tensor from outside the step must be alive; it has been disposed of; pass it to the step as an argument, or ' +
      'hold it in a tf.variable',
  );
}
