import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** One call of a kernel, its inputs and attributes typed. */
export interface KernelCall<InputName extends string, Attributes extends object> {
  readonly inputs: Readonly<Record<InputName, TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/**
 * The config that registers `run` as a kernel of the wasm backend. The type parameters state what the tfjs operation
 * of that name passes.
 */
export function wasmKernel<InputName extends string, Attributes extends object>(
  kernelName: string,
  run: (call: KernelCall<InputName, Attributes>) => TensorInfo,
): KernelConfig {
  // tfjs types the calls of all kernels alike; the operation has checked and named what it passes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { kernelName, backendName: 'wasm', kernelFunc: run as KernelFunc };
}
