import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** A call of a kernel. */
export interface FusedCall {
  /** In tfjs' registry. */
  readonly name: string;
  readonly inputs: NamedTensorMap;
  readonly attrs: NamedAttrMap;
}

/**
 * Runs a kernel that may be registered for the current backend (`@llm101/wasm` has some), with the gradient of its name.
 *
 * @returns its first output, or nothing where there is no such kernel: then the caller composes the same
 */
export function runFused(call: FusedCall): Tensor | undefined {
  return runFusedAll(call)?.[0];
}

/** The same, and all outputs. */
export function runFusedAll({ name, inputs, attrs }: FusedCall): Tensor[] | undefined {
  if (!hasKernel(name)) return undefined;
  return [engine().runKernel<Tensor | Tensor[]>(name, inputs, attrs)].flat();
}

/** Whether the current backend has a kernel. */
export function hasKernel(name: string): boolean {
  // The types don't say that a look-up may find nothing.
  const found: object | undefined = getKernel(name, getBackend());
  return found !== undefined;
}
