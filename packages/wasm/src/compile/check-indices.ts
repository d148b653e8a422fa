import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { heapOf } from './wasm-memory.js';

/** Where indices lie and what they may be. */
interface IndexCheck {
  readonly address: number;
  readonly count: number;
  /** They must be below this. */
  readonly limit: number;
  /** The operation that reads them. */
  readonly where: string;
}

/** A function that throws a RangeError unless all indices are in range: the kernel would read somewhere else. */
export function checkIndices(
  wasm: BackendWasm,
  { address, count, limit, where }: IndexCheck,
): () => void {
  const first = address >>> 2;
  return () => {
    const { HEAP32 } = heapOf(wasm);
    for (let i = first; i < first + count; i++) {
      const index = HEAP32[i];
      if (index < 0 || index >= limit) {
        throw new RangeError(`${where}: indices must be from 0 to ${limit - 1}; got ${index}`);
      }
    }
  };
}
