import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { wasmBackend } from '../../src/kernels/wasm-memory.js';

/** Bytes behind each block. */
const GUARD = 64;

/** What has been called, and what has written beside its memory, since `clear`. */
export interface MemoryWatch {
  readonly called: Set<string>;
  readonly overruns: string[];
  clear(): void;
}

/**
 * Puts bytes behind each block of the backend's memory that are looked at after every kernel: a kernel that takes bool for
 * numbers of four bytes writes there. They differ from block to block, so that a copy of one isn't taken for another.
 */
export function watchMemory(): MemoryWatch {
  const heap = wasmBackend().wasm as object as {
    HEAPU8: Uint8Array;
    _malloc: (bytes: number) => number;
    _free: (address: number) => void;
  };
  const watch = {
    called: new Set<string>(),
    overruns: [] as string[],
    clear: () => {
      watch.called.clear();
      watch.overruns.length = 0;
    },
  };
  const blocks = new Map<number, { end: number; guard: number }>();
  let count = 0;
  const { _malloc: malloc, _free: free } = heap;
  const guarded = (bytes: number): number => {
    const address = malloc(bytes + GUARD) >>> 0;
    const [end, guard] = [address + bytes, 1 + ((count++ * 37) % 250)];
    heap.HEAPU8.fill(guard, end, end + GUARD);
    blocks.set(address, { end, guard });
    return address;
  };
  const freed = (address: number): void => {
    blocks.delete(address >>> 0);
    free(address);
  };
  Object.assign(heap, { _malloc: guarded, _free: freed });
  for (const config of getKernelsForBackend('wasm')) {
    const { kernelName, kernelFunc } = config;
    config.kernelFunc = (call) => {
      blocks.clear(); // what was made before has been looked at
      watch.called.add(kernelName);
      const result = kernelFunc(call);
      for (const { end, guard } of blocks.values()) {
        const behind = heap.HEAPU8.subarray(end, end + GUARD);
        if (behind.some((byte) => byte !== guard)) watch.overruns.push(kernelName);
      }
      return result;
    };
  }
  return watch;
}
