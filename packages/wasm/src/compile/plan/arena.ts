import { paddedBytes } from '../../graph/instruction.js';

/** A span of memory that is used from one instruction to another, the last included, and where it was put. */
export interface Block {
  readonly bytes: number;
  readonly first: number;
  last: number;
  offset: number;
}

/** A block that isn't placed yet. */
export function newBlock(bytes: number, first: number, last: number): Block {
  return { bytes: paddedBytes(bytes), first, last, offset: 0 };
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
  const bySize = [...blocks].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  const placed: Block[] = []; // by offset
  let end = from;
  for (const block of bySize.slice(0, COMPARED)) {
    block.offset = gapFor(block, placed, from);
    insert(placed, block);
    end = Math.max(end, block.offset + block.bytes);
  }
  return placeInTurn(bySize.slice(COMPARED), end);
}

/** The first offset of the smallest gap that blocks by offset leave to another. */
export function gapFor(
  { bytes, first, last }: Block,
  placed: readonly Block[],
  from: number,
): number {
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
export function insert(list: Block[], block: Block): void {
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
