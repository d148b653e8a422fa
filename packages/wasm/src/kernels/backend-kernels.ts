import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { loadKernels, type LoadedKernels } from './load-kernels.js';

const loaded = new WeakMap<object, LoadedKernels>();

/** The kernels at work in a backend's memory; loaded at the first call. */
export function backendKernels(backend: BackendWasm): LoadedKernels {
  const present = loaded.get(backend);
  if (present !== undefined) return present;
  // tfjs' types leave out what its binary exports.
  const { asm } = backend.wasm as object as { asm: { memory: WebAssembly.Memory } };
  const kernels = loadKernels(asm.memory, false); // the same digits in every engine
  loaded.set(backend, kernels);
  return kernels;
}
