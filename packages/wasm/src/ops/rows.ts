import type { GraphNode } from '../graph/graph.js';
import { kernelInstruction, type Instruction, type KernelStep } from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { sizeOf, type NumericType } from '../kernels/tensor-type.js';

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
  const count = sizeOf(ids);
  const args = [x, ids, out, count, width, segments, { scratch: 0 }];
  const scratchBytes = count > LONG ? (count + 2 * segments) * 4 : 0;
  return kernelInstruction(node, [{ kernel: 'segmentSum', args }], { scratchBytes });
}

/** Rows that have one value at one index, and another elsewhere. */
export function oneHot(node: GraphNode): Instruction | undefined {
  const [indices] = node.inputs;
  const [out] = node.outputs;
  const { depth, onValue, offValue } = node.attrs;
  if (out.dtype === 'bool' || indices.dtype !== 'int32') return undefined;
  const [on, off] = [onValue ?? 1, offValue ?? 0].map((value) => bitsOf(Number(value), out.dtype));
  return kernelInstruction(node, [
    { kernel: 'oneHot', args: [indices, out, sizeOf(indices), Number(depth), on, off] },
  ]);
}

/** The bits of a 4-byte value, as a whole number. */
function bitsOf(value: number, dtype: NumericType): number {
  return dtype === 'int32' ? value | 0 : new Int32Array(Float32Array.of(value).buffer)[0];
}
