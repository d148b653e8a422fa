import { newBlock, sizeOf, type Block, type Value } from '@llm101/wasm/recording';
import { placeInArenas } from './arenas.js';
import { ALIGNMENT, ELEMENT, type Place } from './places.js';

/** How long values are used, and where they come to lie. */
export class Lives {
  readonly #blocks = new Map<number, Block>();
  readonly #values = new Map<number, Value>();
  readonly #together = new Set<Block>();
  #scratch = 0;

  make(value: Value, at: number): void {
    this.#values.set(value.id, value);
    // Counted in elements: the arena's alignment of 64 is 256 bytes.
    this.#blocks.set(value.id, newBlock(Math.max(sizeOf(value), 1), at, at));
  }

  use(root: Value, at: number): void {
    const block = this.#blocks.get(root.id);
    if (block !== undefined) block.last = Math.max(block.last, at);
  }

  scratch(size: number, at: number, isGathered: boolean): Value {
    this.#scratch--;
    const value: Value = {
      id: SCRATCH + this.#scratch,
      shape: [size],
      dtype: 'float32',
      source: { kind: 'node' },
    };
    this.make(value, at);
    if (isGathered) this.gather(value);
    return value;
  }

  /** Has a value lie in the first arena, with others that a kernel reads or writes as parts of one buffer. */
  gather(root: Value): void {
    const block = this.#blocks.get(root.id);
    if (block !== undefined) this.#together.add(block);
  }

  /**
   * Gives everything its place.
   *
   * @param from - bytes of the first arena that are taken
   * @param most - bytes that an arena may have
   * @returns the bytes of each arena
   */
  place(places: Map<number, Place>, from: number, most: number): number[] {
    const options = { together: this.#together, from: from / ELEMENT, most: most / ELEMENT };
    const { ends, arenaOf } = placeInArenas([...this.#blocks.values()], options);
    for (const [id, block] of this.#blocks) {
      const offset = block.offset * ELEMENT;
      places.set(id, { kind: 'arena', arena: arenaOf(block), offset });
    }
    return ends.map((end) => Math.max(end * ELEMENT, ALIGNMENT));
  }
}

/** Ids of scratch memory are below it; those of a graph are not. */
export const SCRATCH = -1_000_000;
