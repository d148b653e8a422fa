import { loadBinaries } from '../src/kernels/kernel-binaries.js';
import { CONSTANT_BYTES, loadKernels, type LoadedKernels } from '../src/kernels/kernel-module.js';

await loadBinaries({ relaxedSimd: true });

/** What stands around every block: a kernel that writes there is found out. */
const CANARY = 0xdeadbeef;
const GUARD_WORDS = 8;

/** Kernels with a memory of their own, in which tests lay out tensors between canaries. */
export class KernelMemory {
  readonly kernels: LoadedKernels;
  readonly #memory = new WebAssembly.Memory({ initial: 64 });
  readonly #blocks: { start: number; words: number }[] = [];
  #next = 64 + Math.ceil(CONSTANT_BYTES / 8) * 8;

  constructor(allowRelaxed = false) {
    this.kernels = loadKernels(this.#memory, 64, allowRelaxed);
  }

  /** The address of a copy of some values. */
  put(values: ArrayLike<number>, type: 'float32' | 'int32' = 'float32'): number {
    const address = this.room(values.length);
    const View = type === 'int32' ? Int32Array : Float32Array;
    new View(this.#memory.buffer, address, values.length).set(Array.from(values));
    return address;
  }

  /** The address of a copy of some bytes. */
  putBytes(values: Uint8Array): number {
    const address = this.room(Math.ceil(values.length / 4));
    new Uint8Array(this.#memory.buffer).set(values, address);
    return address;
  }

  /** The address of room for a result, filled with NaN. */
  room(words: number): number {
    const buffer = new Uint32Array(this.#memory.buffer);
    const start = this.#next / 4;
    buffer.fill(CANARY, start, start + GUARD_WORDS);
    buffer.fill(0x7fc00000, start + GUARD_WORDS, start + GUARD_WORDS + words);
    buffer.fill(CANARY, start + GUARD_WORDS + words, start + 2 * GUARD_WORDS + words);
    this.#blocks.push({ start, words });
    this.#next += (2 * GUARD_WORDS + words + (words % 2)) * 4; // 8-byte steps, not 16: as tfjs aligns
    return (start + GUARD_WORDS) * 4;
  }

  floats(address: number, count: number): number[] {
    return [...new Float32Array(this.#memory.buffer, address, count)];
  }

  ints(address: number, count: number): number[] {
    return [...new Int32Array(this.#memory.buffer, address, count)];
  }

  bytes(address: number, count: number): number[] {
    return [...new Uint8Array(this.#memory.buffer, address, count)];
  }

  /** @throws Error when something was written beside a block */
  checkCanaries(): void {
    const buffer = new Uint32Array(this.#memory.buffer);
    for (const { start, words } of this.#blocks) {
      const before = buffer.subarray(start, start + GUARD_WORDS);
      const after = buffer.subarray(start + GUARD_WORDS + words, start + 2 * GUARD_WORDS + words);
      if ([...before, ...after].some((word) => word !== CANARY)) {
        throw new Error(`a kernel wrote beside the block at ${start * 4} of ${words} words`);
      }
    }
  }
}

/** Values between -2 and 2 that look random and are the same each time. */
export function someValues(count: number, phase = 0): number[] {
  return Array.from({ length: count }, (_, i) =>
    Math.fround(2 * Math.sin(12.9898 * (i + 1 + phase))),
  );
}
