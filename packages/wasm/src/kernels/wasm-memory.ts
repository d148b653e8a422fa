import { backend, engine, util } from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { bytesOf, isNumeric, sizeOf, type NumericArray, type TensorType } from './tensor-type.js';
import { markMoved } from './written-in-place.js';

/** The backend's memory, 4 GiB at most, is full. What was computed before can still be read. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';

  /**
   * @param bytes - the size of the allocation that failed
   * @param heapBytes - the size of the memory by then
   */
  constructor(bytes: number, heapBytes: number) {
    super(
      `wasm: a tensor must fit into the backend's memory of at most 4 GiB; got one of ${megabytes(bytes)} ` +
        `beside what fills ${megabytes(heapBytes)}; use smaller batches or a smaller model`,
    );
  }
}

const megabytes = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

/**
 * The running backend.
 *
 * @throws Error unless the wasm backend is the current one
 */
export function wasmBackend(): BackendWasm {
  const current = backend();
  if (current instanceof BackendWasm) return current;
  throw new Error(
    'compile: the wasm backend must be the current one; it is not; await startBackend() before the first call',
  );
}

/** What tfjs' module exposes of its memory. The views are replaced when it grows. */
interface Heap {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPF32: Float32Array;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/** The backend's heap. Its types leave these members to `@types/emscripten`, which sets globals. */
export const heapOf = ({ wasm }: BackendWasm): Heap => wasm as object as Heap;

/** Takes memory from the backend's heap. @throws MemoryError when there is none */
export function allocate(wasm: BackendWasm, bytes: number): number {
  const { _malloc: malloc, HEAPU8 } = heapOf(wasm);
  const address = malloc(bytes) >>> 0; // above 2 GiB it comes as a negative number
  if (address !== 0) return address;
  throw new MemoryError(bytes, HEAPU8.length);
}

/** Gives memory back. */
export function release(wasm: BackendWasm, address: number): void {
  const { _free: free } = heapOf(wasm);
  free(address);
}

/** The part of memory that holds a tensor's values. It is valid until the next allocation, which may move the heap. */
export function viewAt(wasm: BackendWasm, address: number, type: TensorType): NumericArray {
  const { buffer } = heapOf(wasm).HEAPU8;
  const size = sizeOf(type);
  switch (type.dtype) {
    case 'float32':
      return new Float32Array(buffer, address, size);
    case 'int32':
      return new Int32Array(buffer, address, size);
    case 'bool':
      return new Uint8Array(buffer, address, size);
    default:
      return type.dtype satisfies never;
  }
}

/** A new tensor with the values that lie at an address. The caller disposes of it. */
export function tensorFrom(wasm: BackendWasm, address: number, type: TensorType): Tensor {
  const info = wasm.makeOutput([...type.shape], type.dtype);
  const to = wasm.getMemoryOffset(info.dataId);
  heapOf(wasm).HEAPU8.copyWithin(to, address, address + bytesOf(type));
  return engine().makeTensorFromTensorInfo(info);
}

/** The same values in memory of their own. */
export function copyOf(wasm: BackendWasm, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  const copy = wasm.makeOutput([...shape], dtype);
  const [from, to] = [dataId, copy.dataId].map((id) => wasm.getMemoryOffset(id));
  heapOf(wasm).HEAPU8.copyWithin(to, from, from + sizeOf({ shape }) * util.bytesPerElement(dtype));
  return copy;
}

/** Gives a variable memory of its own, with the same values, when something shares what it has. */
export function ownMemory(wasm: BackendWasm, variable: Variable): void {
  if (wasm.refCount(variable.dataId) <= 1) return;
  const { shape, dtype } = variable;
  if (!isNumeric(dtype)) return;
  const from = variable.dataId;
  const copy = tensorFrom(wasm, wasm.getMemoryOffset(from), { shape, dtype });
  variable.assign(copy);
  copy.dispose();
  markMoved(from, variable.dataId);
}

/** A tensor that `lend` made; `end` removes it and leaves the memory as it is. */
export interface Loan extends TensorInfo {
  end(): void;
}

/**
 * Shows tfjs' kernels the memory at an address as one of their tensors. The id is new with each loan, because XNNPACK
 * caches packed weights by id and would not see that memory has been written to.
 */
export function lend(wasm: BackendWasm, address: number, { shape, dtype }: TensorType): Loan {
  const info = wasm.makeOutput([...shape], dtype, address);
  return {
    ...info,
    end() {
      const data = wasm.dataIdMap.get(info.dataId);
      wasm.wasm.tfjs.disposeData(data.id);
      wasm.dataIdMap.delete(info.dataId);
    },
  };
}

/** Where indices lie and what they may be. */
interface IndexCheck {
  readonly address: number;
  readonly count: number;
  /** They must be below this. */
  readonly limit: number;
  /** The operation that reads them. */
  readonly where: string;
}

/** A function that throws a RangeError unless all indices are in range; the kernel would read elsewhere. */
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
        throw new RangeError(`${where}: the index value ${index} is not in [0, ${limit - 1}]`);
      }
    }
  };
}

/**
 * Makes an allocation that fails throw a {@link MemoryError}. tfjs doesn't check: it takes the address 0 that it gets,
 * and its kernels write over the beginning of the memory until they run out of it.
 */
export function guardMemory(wasm: BackendWasm): void {
  const heap = heapOf(wasm);
  // Emscripten's stub replaces itself by the function at its first call, and would replace the guard too.
  release(wasm, allocate(wasm, 8));
  const { _malloc: malloc } = heap;
  let isSpoilt = false;
  const guarded: typeof malloc = (bytes) => {
    if (bytes >= 2 ** 32) throw new MemoryError(bytes, heap.HEAPU8.length); // it would take what is left of them modulo 2^32
    const address = isSpoilt ? 0 : malloc(bytes) >>> 0;
    // Close to 4 GiB the end of a block overflows to a small number, which passes for memory that exists already. What the
    // allocator returns after that may overlap tensors.
    isSpoilt ||= address + bytes > heap.HEAPU8.length;
    if (address === 0 || isSpoilt) throw new MemoryError(bytes, heap.HEAPU8.length);
    return address;
  };
  Object.assign(heap, { _malloc: guarded });
}
