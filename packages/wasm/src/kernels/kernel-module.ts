import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { loadKernels, type LoadedKernels } from './load-kernels.js';

/** One for each backend and kind, since each instance is bound to a memory. */
const modules = new WeakMap<BackendWasm, Map<boolean, LoadedKernels>>();

/** The kernels on the backend's memory; with relaxed SIMD where it is allowed and the engine has it. */
export function kernelModule(wasm: BackendWasm, allowRelaxed: boolean): LoadedKernels {
  const known = modules.get(wasm) ?? new Map<boolean, LoadedKernels>();
  modules.set(wasm, known);
  const found = known.get(allowRelaxed) ?? loadKernels(memoryOf(wasm), allowRelaxed);
  known.set(allowRelaxed, found);
  return found;
}

/** The memory that tfjs' tensors lie in; its types don't name it. */
function memoryOf(wasm: BackendWasm): WebAssembly.Memory {
  const { asm } = wasm.wasm as { asm?: { memory?: unknown } };
  if (asm?.memory instanceof WebAssembly.Memory) return asm.memory;
  throw new Error(
    '@llm101/wasm: the memory of @tensorflow/tfjs-backend-wasm must be at wasm.asm.memory, as in 4.22.0; it is not; install that version',
  );
}
