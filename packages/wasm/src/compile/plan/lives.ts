import type { Graph, Value } from '../../graph/graph.js';
import { paddedBytes, type Instruction } from '../../graph/instruction.js';
import { bytesOf } from '../../kernels/tensor-type.js';
import { newBlock, type Block } from './arena.js';

/** Instructions in their order. */
interface Scheduled {
  readonly graph: Graph;
  readonly instructions: readonly Instruction[];
  readonly rootOf: (value: Value) => Value;
  /** What has a place already. */
  readonly placed: Pick<ReadonlyMap<number, unknown>, 'has'>;
}

/** The memory that instructions use, and how long. */
interface Lives {
  readonly blocks: readonly Block[];
  /** The block of each value that is written; several have one where they are written in place. */
  readonly blockOf: ReadonlyMap<number, Block>;
  readonly scratch: ReadonlyMap<Instruction, Block>;
}

/** Each value that an instruction writes lives until its last reader has run. */
export function livesOf(scheduled: Scheduled): Lives {
  const { instructions, rootOf, placed } = scheduled;
  const ends = lastUses(scheduled);
  const blocks: Block[] = [];
  const blockOf = new Map<number, Block>();
  const scratch = new Map<Instruction, Block>();
  const add = (bytes: number, first: number, last: number): Block => {
    const block = newBlock(bytes, first, last);
    blocks.push(block);
    return block;
  };
  for (const [index, instruction] of instructions.entries()) {
    const takeable = instruction.overwrites
      .map((value) => rootOf(value).id)
      .filter((id) => ends.get(id) === index);
    const taken = new Set<Block>();
    for (const value of instruction.writes) {
      if (placed.has(value.id) || value.source.kind === 'variable') continue;
      const last = ends.get(value.id) ?? index; // which may be never read
      const given = takeable
        .map((id) => blockOf.get(id))
        .find((block) => block !== undefined && fits(block, value) && !taken.has(block));
      if (given !== undefined) {
        taken.add(given);
        given.last = last;
      }
      blockOf.set(value.id, given ?? add(bytesOf(value), index, last));
    }
    const bytes = scratchBytes(instruction);
    if (bytes > 0) scratch.set(instruction, add(bytes, index, index));
  }
  return { blocks, blockOf, scratch };
}

/** Whether a value fills a block, so that its elements lie where those it was computed from lay. */
const fits = (block: Block, value: Value): boolean => block.bytes === paddedBytes(bytesOf(value));

/** The index of the last instruction that reads each value; one past the end for what is returned. */
function lastUses({ graph, instructions, rootOf }: Scheduled): Map<number, number> {
  const ends = new Map<number, number>();
  for (const [index, { reads }] of instructions.entries()) {
    for (const value of reads) ends.set(rootOf(value).id, index);
  }
  for (const value of graph.results) ends.set(rootOf(value).id, instructions.length);
  return ends;
}

const scratchBytes = ({ call }: Instruction): number =>
  call.kind === 'kernels' ? call.scratchBytes : 0;
