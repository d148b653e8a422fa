import type { GraphNode, Value } from '../graph/graph.js';
import {
  allFloat,
  kernelInstruction,
  type Instruction,
  type KernelStep,
  type Lowering,
} from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { sizeOf } from '../kernels/tensor-type.js';

/** Kernels of a reduction: over each row, over each column, and, where there is one, over axes between others. */
interface ReductionKernels {
  readonly rows: 'sumRows' | 'meanRows' | 'maxRows';
  readonly columns: 'sumColumns' | 'meanColumns' | 'maxColumns';
  /** Over the rows of each plane. */
  readonly planes?: 'sumPlanes' | 'meanPlanes';
}

/** A reduction of float32 over the last axes, the first ones or, where there is a kernel for it, other consecutive ones. */
export function reduction({ rows, columns, planes }: ReductionKernels): Lowering {
  return (node) => {
    const { inputs, outputs, attrs } = node;
    const [x] = inputs;
    const [out] = outputs;
    if (!allFloat([x, out])) return undefined;
    const axes = reducedAxes(x, attrs['axis'] ?? attrs['reductionIndices']);
    const [kept, reduced] = [sizeOf(out), sizeOf(x) / Math.max(sizeOf(out), 1)];
    if (areLast(x, axes)) {
      return kernelInstruction(node, [{ kernel: rows, args: [x, out, kept, reduced] }]);
    }
    if (areFirst(x, axes)) {
      const args = [x, out, reduced, kept];
      if (columns === 'maxColumns') return kernelInstruction(node, [{ kernel: columns, args }]);
      return overColumns(node, { kernel: columns, args }, reduced, kept);
    }
    const outer = planes === undefined ? undefined : axesBefore(x, axes);
    if (outer === undefined || planes === undefined) return undefined;
    const n = kept / outer;
    const step = { kernel: planes, args: [x, out, outer, reduced, n] };
    return overColumns(node, step, reduced, n);
  };
}

/** Sums of many rows are kept in double precision until the last one has been added. */
function overColumns(
  node: GraphNode,
  { kernel, args }: KernelStep,
  rows: number,
  n: number,
): Instruction {
  const steps = [{ kernel, args: [...args, { scratch: 0 }] }];
  return kernelInstruction(node, steps, { scratchBytes: rows > LONG ? n * 8 : 0 });
}

/** The sum of all squares. */
export function squaresSum(node: GraphNode): Instruction {
  const [x] = node.inputs;
  return kernelInstruction(node, [{ kernel: 'sumSquares', args: [x, node.outputs[0], sizeOf(x)] }]);
}

/** The axes of more than one element that a reduction is over; default: all. */
function reducedAxes({ shape }: Value, axis: unknown): ReadonlySet<number> {
  const named = axis === undefined || axis === null ? shape.map((_, i) => i) : [axis].flat();
  const axes = named.map(Number).map((i) => (i < 0 ? i + shape.length : i));
  return new Set(axes.filter((i) => shape[i] !== 1));
}

const longAxes = ({ shape }: Value): number[] =>
  shape.flatMap((length, i) => (length === 1 ? [] : [i]));

const areLast = (x: Value, axes: ReadonlySet<number>): boolean =>
  longAxes(x).every((axis, i, all) => axes.has(axis) === i >= all.length - axes.size);

const areFirst = (x: Value, axes: ReadonlySet<number>): boolean =>
  longAxes(x).every((axis, i) => axes.has(axis) === i < axes.size);

/** How many elements the axes before the reduced ones have, where those are consecutive. */
function axesBefore(x: Value, axes: ReadonlySet<number>): number | undefined {
  const long = longAxes(x);
  const first = long.findIndex((axis) => axes.has(axis));
  const isOneRun = long.slice(first, first + axes.size).every((axis) => axes.has(axis));
  if (first === -1 || !isOneRun) return undefined;
  return long.slice(0, first).reduce((product, axis) => product * x.shape[axis], 1);
}
