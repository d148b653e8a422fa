import { engine, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { isNumeric, viewAt } from './wasm-memory.js';

/**
 * Copies the values of all variables there are.
 *
 * @returns a function that gives those that have been assigned to since what they had
 */
export function rememberVariables(wasm: BackendWasm): () => void {
  const remembered = Object.values(engine().registeredVariables).flatMap((variable: Variable) => {
    const { shape, dtype, dataId } = variable;
    if (!isNumeric(dtype)) return [];
    const values = viewAt(wasm, wasm.getMemoryOffset(dataId), { shape, dtype }).slice();
    return [{ variable, dataId, values }];
  });
  return () => {
    for (const { variable, dataId, values } of remembered) {
      if (variable.isDisposed || variable.dataId === dataId) continue;
      tidy(() => variable.assign(tensor(values, variable.shape, variable.dtype)));
    }
  };
}
