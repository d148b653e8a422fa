import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { MemoryError } from './memory-error.js';
import { allocate, heapOf, release } from './wasm-memory.js';

/**
 * From now on an allocation that fails throws a {@link MemoryError}. tfjs doesn't look: it takes the address 0 that it
 * gets, and its kernels write over what lies at the beginning of the memory until they run out of it.
 */
export function guardMemory(wasm: BackendWasm): void {
  const heap = heapOf(wasm);
  // Emscripten's stub puts the function itself in its own place at the first call, over what was put there before.
  release(wasm, allocate(wasm, 8));
  const { _malloc: malloc } = heap;
  let isSpoilt = false;
  const guarded: typeof malloc = (bytes) => {
    const address = isSpoilt ? 0 : malloc(bytes) >>> 0;
    // Close to 4 GiB the end of a block overflows to a small number, which passes for memory that is there already. What the
    // allocator gives out after that may lie over tensors.
    isSpoilt ||= address + bytes > heap.HEAPU8.length;
    if (address === 0 || isSpoilt) throw new MemoryError(bytes, heap.HEAPU8.length);
    return address;
  };
  Object.assign(heap, { _malloc: guarded });
}
