import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/**
 * `tf.clone`, by which every tensor goes that is saved for the backward pass: another name for the same memory, where the
 * backend's own kernel copies it. Tensors never change, and a compiled step that writes to a variable first gives it
 * memory of its own if something else shows what it has.
 */
export function aliasingIdentity(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc(call) {
      const { x } = call.inputs;
      if (x === undefined || x.dtype === 'string') return stock.kernelFunc(call);
      const wasm = call.backend as BackendWasm; // the one it is registered for
      wasm.incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  };
}
