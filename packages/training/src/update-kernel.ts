import {
  engine,
  getBackend,
  getKernel,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** A call of a kernel that does a whole update at once. */
export interface UpdateCall {
  readonly kernel: 'MomentumUpdate' | 'AdamUpdate';
  readonly inputs: NamedTensorMap;
  readonly attrs: NamedAttrMap;
}

/**
 * Runs a kernel that the backend may have; `@llm101/wasm` registers some.
 *
 * @returns its outputs, or nothing where there is no such kernel
 */
export function runUpdate({ kernel, inputs, attrs }: UpdateCall): Tensor[] | undefined {
  if (getKernel(kernel, getBackend()) === undefined) return undefined;
  return engine().runKernel<Tensor[]>(kernel, inputs, attrs);
}
