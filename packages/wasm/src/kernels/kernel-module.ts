import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { kernelBinary } from './kernel-binaries.js';
import type { KernelFunctions } from './kernel-functions.js';
import { allocate } from './wasm-memory.js';

/** One for each backend and kind, since each instance is bound to a memory. */
const modules = new WeakMap<BackendWasm, Map<boolean, LoadedKernels>>();

/** The kernels on the backend's memory; with relaxed SIMD where it is allowed and the engine has it. */
export function kernelModule(wasm: BackendWasm, allowRelaxed: boolean): LoadedKernels {
  const known = modules.get(wasm) ?? new Map<boolean, LoadedKernels>();
  modules.set(wasm, known);
  const found = known.get(allowRelaxed);
  if (found !== undefined) return found;
  const loaded = loadKernels(memoryOf(wasm), allocate(wasm, CONSTANT_BYTES), allowRelaxed);
  known.set(allowRelaxed, loaded);
  return loaded;
}

/** The size of the kernels' constants; `assembly/constants.ts` says what they are. */
export const CONSTANT_BYTES = 400;

/** The memory that tfjs' tensors lie in; its types don't name it. */
function memoryOf(wasm: BackendWasm): WebAssembly.Memory {
  const { asm } = wasm.wasm as { asm?: { memory?: unknown } };
  if (asm?.memory instanceof WebAssembly.Memory) return asm.memory;
  throw new Error(
    '@llm101/wasm: the memory of @tensorflow/tfjs-backend-wasm must be at wasm.asm.memory, as in 4.22.0; it is not; install that version',
  );
}

/** The kernels, instantiated in some memory. */
export interface LoadedKernels {
  readonly functions: KernelFunctions;
  /** Whether products are fused multiply-adds, rounded once. */
  readonly relaxedSimd: boolean;
}

/**
 * Instantiates the kernels in a memory: with relaxed SIMD where the engine has it and it is allowed.
 *
 * @param memory - not shared; the kernels never grow it
 * @param constants - where CONSTANT_BYTES of it are theirs
 */
export function loadKernels(
  memory: WebAssembly.Memory,
  constants: number,
  allowRelaxed: boolean,
): LoadedKernels {
  const { module, relaxedSimd } = kernelBinary(allowRelaxed);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  // The build's exports; the tests call each of them.
  const { placeConstants, ...functions } = exports as object as KernelExports;
  placeConstants(constants);
  return { functions, relaxedSimd };
}

interface KernelExports extends KernelFunctions {
  readonly placeConstants: (at: number) => void;
}
