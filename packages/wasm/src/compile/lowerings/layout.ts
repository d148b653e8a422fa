import { bytesOf, sizeOf, type GraphNode } from '../graph.js';
import type { Instruction, KernelStep } from '../instruction.js';
import { kernelInstruction } from './kernel-instruction.js';
import { asMatrix, permuteSteps, stridesOf } from './permute-steps.js';

/** Above so many rows tfjs joins tensors; a call costs as much as 64 bytes. */
const MOST_ROWS = 4096;

/** Axes that change places. */
export function transpose(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const { perm } = node.attrs;
  if (!Array.isArray(perm) || x.dtype === 'bool') return undefined;
  const strides = stridesOf(x.shape);
  const reading = { strides: perm.map((axis) => strides[Number(axis)]), start: 0 };
  const matrix = asMatrix(out, reading);
  const steps =
    matrix === undefined
      ? permuteSteps(node, reading)
      : [{ kernel: 'transpose' as const, args: [x, out, matrix.rows, matrix.columns] }];
  return steps === undefined ? undefined : kernelInstruction(node, steps);
}

/** A part of each axis. */
export function slice(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const { begin } = node.attrs;
  if (begin === undefined || x.dtype === 'bool') return undefined;
  const strides = stridesOf(x.shape);
  const start = [begin]
    .flat()
    .reduce((sum: number, at, axis) => sum + Number(at) * strides[axis], 0);
  const steps = permuteSteps(node, { strides, start });
  return steps === undefined ? undefined : kernelInstruction(node, steps);
}

/** Parts of one axis that follow one another. */
export function split(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const { outputs, attrs } = node;
  if (x.dtype === 'bool') return undefined;
  const axis = Number(attrs['axis'] ?? 0);
  const at = axis < 0 ? axis + x.shape.length : axis;
  const strides = stridesOf(x.shape);
  const steps: KernelStep[] = [];
  let start = 0;
  for (const out of outputs) {
    const part = permuteSteps({ inputs: [x], outputs: [out] }, { strides, start });
    if (part === undefined) return undefined;
    steps.push(...part);
    start += out.shape[at] * strides[at];
  }
  return kernelInstruction(node, steps);
}

/** Tensors side by side along one axis, each row by row. */
export function concat(node: GraphNode): Instruction | undefined {
  const { inputs, outputs, attrs } = node;
  const [out] = outputs;
  const axis = Number(attrs['axis'] ?? 0);
  const at = axis < 0 ? axis + out.shape.length : axis;
  const count = out.shape.slice(0, at).reduce((product, size) => product * size, 1);
  const whole = bytesOf(out) / count;
  if (count * inputs.length > MOST_ROWS || !inputs.every(({ dtype }) => dtype === out.dtype)) {
    return undefined;
  }
  const steps: KernelStep[] = [];
  let start = 0;
  for (const x of inputs) {
    const bytes = bytesOf(x) / count;
    for (let row = 0; row < count; row++) {
      const to = { of: out, skip: row * whole + start };
      steps.push({ kernel: 'copy', args: [{ of: x, skip: row * bytes }, to, bytes] });
    }
    start += bytes;
  }
  return { ...kernelInstruction(node, steps), name: 'concat' };
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
