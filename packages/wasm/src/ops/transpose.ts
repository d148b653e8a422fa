import type { GraphNode, Value } from '../graph/graph.js';
import { kernelInstruction, type Instruction, type KernelStep } from '../graph/instruction.js';
import { sizeOf, stridesOf } from '../kernels/tensor-type.js';
import { copySlice, rowsOf } from './slices.js';

/** A copy that needs more calls is left to tfjs. */
const MOST_CALLS = 64;

/** Axes that the kernel itself goes along. */
const INNER = 5;

/** Where a copy reads: one stride an axis of the output, in elements, and the first element. */
export interface Reading {
  readonly strides: readonly number[];
  readonly start: number;
}

interface Axis {
  readonly size: number;
  readonly stride: number;
}

/**
 * A copy of the first input whose elements lie at other strides: contiguous axes are merged, the last five go to the
 * kernel, which is called for each position along the others. Undefined where those are too many.
 */
export function permuteSteps(
  { inputs: [x], outputs: [out] }: Pick<GraphNode, 'inputs' | 'outputs'>,
  { strides, start }: Reading,
): KernelStep[] | undefined {
  const axes = merged(out.shape.map((size, axis) => ({ size, stride: strides[axis] })));
  const inner = axes.slice(-INNER);
  const outer = axes.slice(0, -INNER);
  const calls = outer.reduce((product, { size }) => product * size, 1);
  if (calls > MOST_CALLS || sizeOf(out) === 0) return undefined;
  const padded = [
    ...Array.from({ length: INNER - inner.length }, () => ({ size: 1, stride: 0 })),
    ...inner,
  ];
  const bytes = (sizeOf(out) / calls) * 4;
  return Array.from({ length: calls }, (_, i) => ({
    kernel: 'permute',
    args: [
      { of: x, skip: (start + offset(outer, i)) * 4 },
      { of: out, skip: i * bytes },
      ...padded.map(({ size }) => size),
      ...padded.map(({ stride }) => stride),
    ],
  }));
}

/** The size of the matrix that a copy transposes, where it does only that. */
export function asMatrix(
  { shape }: Value,
  { strides }: Reading,
): { rows: number; columns: number } | undefined {
  const axes = merged(shape.map((size, axis) => ({ size, stride: strides[axis] })));
  if (axes.length !== 2) return undefined;
  const [outer, inner] = axes;
  if (outer.stride !== 1 || inner.stride !== outer.size) return undefined;
  return { rows: inner.size, columns: outer.size };
}

function merged(axes: readonly Axis[]): Axis[] {
  const kept: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = kept.at(-1);
    if (last !== undefined && last.stride === axis.size * axis.stride) {
      kept[kept.length - 1] = { size: last.size * axis.size, stride: axis.stride };
    } else kept.push(axis);
  }
  return kept;
}

/** The offset of the i-th position along some axes. */
function offset(axes: readonly Axis[], i: number): number {
  let rest = i;
  let sum = 0;
  for (const { size, stride } of axes.toReversed()) {
    sum += (rest % size) * stride;
    rest = Math.floor(rest / size);
  }
  return sum;
}

/** Rows shorter than this, in elements, aren't worth moving as wholes. */
const LEAST_ROW = 4;

/** Permuted axes: whole rows where the last one stays, a matrix, or element by element. */
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
  const copy = { shape: out.shape, from: { of: x, ...reading }, to };
  return rowsOf(copy).length < LEAST_ROW ? undefined : copySlice(copy);
}
