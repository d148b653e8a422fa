import { sizeOf, type GraphNode, type Value } from '../graph.js';
import type { Instruction, KernelStep } from '../instruction.js';
import { boxSteps, rowsOf } from './copy-box.js';
import { kernelInstruction } from './kernel-instruction.js';
import { asMatrix, permuteSteps, stridesOf, type Reading } from './permute-steps.js';

/** Rows shorter than this, in elements, aren't worth moving as wholes. */
const LEAST_ROW = 4;

/** Axes that change places: whole rows where the last one stays, a matrix, or element by element. */
export function transpose(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const { perm } = node.attrs;
  if (!Array.isArray(perm) || x.dtype === 'bool') return undefined;
  const strides = stridesOf(x.shape);
  const reading = { strides: perm.map((axis) => strides[Number(axis)]), start: 0 };
  const steps =
    matrixSteps(x, out, reading) ?? rowSteps(x, out, reading) ?? permuteSteps(node, reading);
  return steps === undefined ? undefined : kernelInstruction(node, steps);
}

function matrixSteps(x: Value, out: Value, reading: Reading): KernelStep[] | undefined {
  const matrix = asMatrix(out, reading);
  if (matrix === undefined) return undefined;
  return [{ kernel: 'transpose', args: [x, out, matrix.rows, matrix.columns] }];
}

function rowSteps(x: Value, out: Value, reading: Reading): KernelStep[] | undefined {
  const to = { of: out, strides: stridesOf(out.shape), start: 0 };
  const box = { shape: out.shape, from: { of: x, ...reading }, to };
  return rowsOf(box).length < LEAST_ROW ? undefined : boxSteps(box);
}

/** Rows of a table by their numbers. */
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

/** The sum of the rows that carry the same number. */
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

/** Rows that are 1 at one place. */
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
