import type { GraphNode } from '../graph/graph.js';
import { kernelInstruction, type Instruction, type KernelStep } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';

/** Rows of a table by their indices. */
export function gather(node: GraphNode): Instruction | undefined {
  const [table, indices] = node.inputs;
  const [out] = node.outputs;
  const { axis, batchDims } = node.attrs;
  if (axis !== 0 || (batchDims ?? 0) !== 0) return undefined;
  if (indices.dtype !== 'int32' || table.dtype === 'bool') return undefined;
  const [limit] = table.shape;
  const width = sizeOf(table) / limit;
  const steps: KernelStep[] = [
    { kernel: 'gatherRows', args: [table, indices, out, sizeOf(indices), width] },
  ];
  if (indices.source.kind === 'constant') {
    const isIn = (index: number): boolean => index >= 0 && index < limit;
    return indices.source.values.every(isIn) ? kernelInstruction(node, steps) : undefined;
  }
  return kernelInstruction(node, steps, { indices: { value: indices, limit, where: node.kernel } });
}

/** The sum of the rows that have the same id. */
export function segmentSum(node: GraphNode): Instruction | undefined {
  const [x, ids] = node.inputs;
  const [out] = node.outputs;
  if (x.dtype !== 'float32' || ids.dtype !== 'int32') return undefined;
  const segments = Number(node.attrs['numSegments']);
  const width = sizeOf(out) / segments;
  return kernelInstruction(node, [
    { kernel: 'segmentSum', args: [x, ids, out, sizeOf(ids), width, segments] },
  ]);
}

/** Rows that are 1 at one index. */
export function oneHot(node: GraphNode): Instruction | undefined {
  const [indices] = node.inputs;
  const [out] = node.outputs;
  const { depth, onValue, offValue } = node.attrs;
  if (out.dtype !== 'int32' || indices.dtype !== 'int32') return undefined;
  if ((onValue ?? 1) !== 1 || (offValue ?? 0) !== 0) return undefined;
  return kernelInstruction(node, [
    { kernel: 'oneHot', args: [indices, out, sizeOf(indices), Number(depth)] },
  ]);
}
