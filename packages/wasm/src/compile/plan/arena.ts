import { paddedBytes } from '../../graph/instruction.js';

/** A span of memory that is used from one instruction to another, the last included, and where it was put. */
export interface Block {
  readonly bytes: number;
  readonly first: number;
  last: number;
  /** Which arena it lies in, where there are several. */
  arena: number;
  offset: number;
}

/** A block that isn't placed yet. */
export function newBlock(bytes: number, first: number, last: number): Block {
  return { bytes: paddedBytes(bytes), first, last, arena: 0, offset: 0 };
}

/** Of so many blocks, the largest, each is compared with each: what few megabytes the others take matters little. */
const COMPARED = 2048;

/**
 * Gives each block an offset such that blocks that are used at the same time don't overlap: the largest first, each into the
 * smallest gap that those placed before leave it, which comes close to the least that is possible.
 *
 * @param from - the first offset
 * @returns the first offset behind all of them
 */
export function place(blocks: readonly Block[], from: number): number {
  const bySize = largestFirst(blocks);
  const arenas = [new Arena(from)];
  placeCompared(bySize.slice(0, COMPARED), arenas, Infinity);
  return placeInTurn(bySize.slice(COMPARED), arenas[0].end);
}

/** Options of {@link placeInArenas}. */
export interface ArenasOptions {
  /** Blocks that must lie in the first arena. */
  readonly together: ReadonlySet<Block>;
  /** The first offset in the first arena. */
  readonly from: number;
  /** Bytes that one may have. */
  readonly most: number;
}

/**
 * As `place`, in several arenas where one isn't enough.
 *
 * @returns the first offset behind all blocks of each arena: more than it may have where what must lie in it, or one block, is larger
 */
export function placeInArenas(
  blocks: readonly Block[],
  { together, from, most }: ArenasOptions,
): number[] {
  const end = place(blocks, from);
  if (end <= most) return [end];
  const arenas = [new Arena(from)];
  placeCompared(largestFirst([...together]), arenas, Infinity);
  placeCompared(largestFirst(blocks.filter((block) => !together.has(block))), arenas, most);
  return arenas.map((arena) => arena.end);
}

const largestFirst = (blocks: readonly Block[]): Block[] =>
  [...blocks].sort((a, b) => b.bytes - a.bytes || a.first - b.first);

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
}

/** Places blocks in the first arena that has room, and in another where none has. */
function placeCompared(blocks: readonly Block[], arenas: Arena[], most: number): void {
  for (const block of blocks) {
    for (let i = 0; ; i++) {
      const arena = (arenas[i] ??= new Arena(0));
      const offset = gapFor(block, arena.placed, arena.from);
      if (offset > 0 && offset + block.bytes > most) continue;
      Object.assign(block, { arena: i, offset });
      insert(arena.placed, block);
      arena.end = Math.max(arena.end, offset + block.bytes);
      break;
    }
  }
}

function gapFor({ bytes, first, last }: Block, placed: readonly Block[], from: number): number {
  let [best, bestBytes] = [-1, Infinity];
  let at = from;
  for (const other of placed) {
    if (other.last < first || other.first > last) continue;
    const gap = other.offset - at;
    if (gap >= bytes && gap < bestBytes) [best, bestBytes] = [at, gap];
    at = Math.max(at, other.offset + other.bytes);
  }
  return best === -1 ? at : best;
}

/** Into a list by offset. */
function insert(list: Block[], block: Block): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle].offset <= block.offset) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, block);
}

/** Places blocks in the order of their use, each where the last of its size lay that is used no more. */
function placeInTurn(blocks: readonly Block[], from: number): number {
  const byEnd = [...blocks].sort((a, b) => a.last - b.last);
  const free = new Map<number, number[]>();
  let [end, ended] = [from, 0];
  for (const block of [...blocks].sort((a, b) => a.first - b.first)) {
    for (; byEnd[ended].last < block.first; ended++) {
      const { bytes, offset } = byEnd[ended];
      const offsets = free.get(bytes);
      if (offsets === undefined) free.set(bytes, [offset]);
      else offsets.push(offset);
    }
    const known = free.get(block.bytes)?.pop();
    block.offset = known ?? end;
    if (known === undefined) end += block.bytes;
  }
  return end;
}
