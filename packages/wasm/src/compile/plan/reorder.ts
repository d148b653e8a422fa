import type { Value } from '../../graph/graph.js';
import type { Instruction } from '../../graph/instruction.js';
import { bytesOf } from '../../kernels/tensor-type.js';

/**
 * The same instructions in an order that frees memory earlier: one that ends the lives of more bytes than it writes runs as soon as
 * what it needs is there and the others that read what dies with it have run. So the gradient of a weight, which is the last to read
 * the layer's input, comes before the gradient of that input is made.
 *
 * @param kept - values that live on when all have run
 */
export function reorder(
  instructions: readonly Instruction[],
  kept: readonly Value[],
  rootOf: (value: Value) => Value,
): Instruction[] {
  const roots = instructions.map(({ reads }) => [...new Set(reads.map((value) => rootOf(value)))]);
  const writers = new Map<number, number>();
  /** The last two that read each value. */
  const readers = new Map<number, readonly [last: number, before: number]>();
  for (const [index, { writes }] of instructions.entries()) {
    for (const { id } of writes) writers.set(id, index);
    for (const { id } of roots[index]) readers.set(id, [index, readers.get(id)?.[0] ?? -1]);
  }
  const staying = new Set(kept.map((value) => rootOf(value).id));
  const places = instructions.map(({ writes }, index): number => {
    const dying = roots[index].filter(
      ({ id }) => writers.has(id) && !staying.has(id) && readers.get(id)?.[0] === index,
    );
    if (sum(dying) <= sum(writes)) return index;
    const after = [
      ...roots[index].map(({ id }) => writers.get(id) ?? -1),
      ...dying.map(({ id }) => readers.get(id)?.[1] ?? -1),
    ];
    return after.reduce((a, b) => Math.max(a, b), -1) + 0.5;
  });
  return instructions
    .map((instruction, index) => ({ instruction, index, place: places[index] }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ instruction }) => instruction);
}

const sum = (values: readonly Value[]): number =>
  values.reduce((bytes, value) => bytes + bytesOf(value), 0);
