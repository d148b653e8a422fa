import { getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The inputs of a kernel; those that are optional may be missing. */
export type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** Calls another kernel of the backend and returns its first output. */
export type Call = (kernelName: string, inputs: Inputs, attrs?: object) => TensorInfo;

/**
 * A kernel that is made of calls of others. What they return is freed, but for the result.
 *
 * @param run - returns what one of its calls returned
 */
export function composedKernel(
  kernelName: string,
  run: (call: Call, inputs: Inputs, attrs: NamedAttrMap) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs = {}, backend }) => {
      const wasm = backend as BackendWasm; // the one it is registered for
      const made: TensorInfo[] = [];
      const call: Call = (name, given, attributes = {}) => {
        const { kernelFunc } = getKernel(name, 'wasm');
        const params = { inputs: given as Record<string, TensorInfo>, attrs: { ...attributes } };
        const [info] = [kernelFunc({ ...params, backend })].flat();
        made.push(info);
        return info;
      };
      let result: TensorInfo | undefined;
      try {
        result = run(call, inputs, attrs);
        return result;
      } finally {
        for (const info of made) if (info !== result) wasm.disposeData(info.dataId);
      }
    },
  };
}
