import { paddedBytes } from '../../graph/instruction.js';

/** A span of memory, in bytes. */
export interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/** Allocates blocks of memory, later ones where earlier ones have been freed. First fit, neighbours merged. */
export class Arena {
  /** Free blocks below `bytes`, by offset. */
  #free: Block[] = [];
  #bytes = 0;

  /** The size of the memory that holds all blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  allocate(bytes: number): Block {
    const wanted = paddedBytes(bytes);
    const index = this.#free.findIndex((block) => block.bytes >= wanted);
    if (index === -1) {
      const block = { offset: this.#bytes, bytes: wanted };
      this.#bytes += wanted;
      return block;
    }
    const { offset, bytes: found } = this.#free[index];
    const rest = { offset: offset + wanted, bytes: found - wanted };
    this.#free.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []));
    return { offset, bytes: wanted };
  }

  free(block: Block): void {
    const merged: Block[] = [];
    for (const next of [...this.#free, block].sort((a, b) => a.offset - b.offset)) {
      const last = merged.at(-1);
      if (last !== undefined && last.offset + last.bytes === next.offset) {
        merged[merged.length - 1] = { offset: last.offset, bytes: last.bytes + next.bytes };
      } else merged.push(next);
    }
    this.#free = merged;
  }
}
