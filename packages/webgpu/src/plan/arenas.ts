import { gapFor, insert, place, type Block } from '@llm101/wasm/recording';

/** Options of {@link placeInArenas}. */
export interface ArenasOptions {
  /** Blocks that must lie in the first arena. */
  readonly together: ReadonlySet<Block>;
  /** The first offset in the first arena. */
  readonly from: number;
  /** Bytes that one may have. */
  readonly most: number;
}

/** Where blocks have come to lie. */
export interface Arenas {
  /** The first offset behind all blocks of each arena: more than it may have where what must lie in it, or one block, is larger. */
  readonly ends: readonly number[];
  /** The number of a block's arena. */
  readonly arenaOf: (block: Block) => number;
}

/** Gives each block an offset as `place` does, in several arenas where one isn't enough. */
export function placeInArenas(
  blocks: readonly Block[],
  { together, from, most }: ArenasOptions,
): Arenas {
  const end = place(blocks, from);
  if (end <= most) return { ends: [end], arenaOf: () => 0 };
  const arenas = [new Arena(from)];
  const numbers = new Map<Block, number>();
  const add = (block: Block, limit: number): void => {
    for (let i = 0; ; i++) {
      const arena = (arenas[i] ??= new Arena(0));
      const offset = gapFor(block, arena.placed, arena.from);
      if (offset > 0 && offset + block.bytes > limit) continue;
      block.offset = offset;
      numbers.set(block, i);
      arena.add(block);
      return;
    }
  };
  for (const block of largestFirst([...together])) add(block, Infinity);
  for (const block of largestFirst(blocks.filter((one) => !together.has(one)))) add(block, most);
  return { ends: arenas.map((arena) => arena.end), arenaOf: (block) => numbers.get(block) ?? 0 };
}

const largestFirst = (blocks: readonly Block[]): Block[] =>
  blocks.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first);

/** What has its place in an arena. */
class Arena {
  readonly from: number;
  /** By offset. */
  readonly placed: Block[] = [];
  end: number;

  constructor(from: number) {
    this.from = from;
    this.end = from;
  }

  add(block: Block): void {
    insert(this.placed, block);
    this.end = Math.max(this.end, block.offset + block.bytes);
  }
}
