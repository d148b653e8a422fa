import { relaxed, simd } from '#kernels';
import type { KernelFunctions } from './kernel-functions.js';

/** The kernels, at work in some memory. */
export interface LoadedKernels {
  readonly functions: KernelFunctions;
  /** Whether products are fused multiply-adds, rounded once. */
  readonly relaxedSimd: boolean;
}

/**
 * Instantiates the kernels in a memory: with relaxed SIMD where the engine has it and it is allowed.
 *
 * @param memory - not shared; the kernels never grow it
 */
export function loadKernels(memory: WebAssembly.Memory, allowRelaxed = true): LoadedKernels {
  const withRelaxed = allowRelaxed ? decode(relaxed) : undefined;
  const relaxedSimd = withRelaxed !== undefined && WebAssembly.validate(withRelaxed);
  const binary = relaxedSimd ? withRelaxed : decode(simd);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  // The build's exports; the tests call each of them.
  return { functions: exports as object as KernelFunctions, relaxedSimd };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
