import type { GraphNode, Value } from '../graph/graph.js';
import { kernelInstruction, type Instruction, type KernelStep } from '../graph/instruction.js';
import { sizeOf, stridesOf } from '../kernels/tensor-type.js';

/** A part of each axis. */
export function slice(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const { begin } = node.attrs;
  if (begin === undefined) return undefined;
  const strides = stridesOf(x.shape);
  const start = offsetOf([begin].flat().map(Number), strides);
  const from = { of: x, strides, start };
  return instruction(node, [copySlice({ shape: out.shape, from, to: whole(out) })]);
}

/** Consecutive parts of one axis. */
export function split(node: GraphNode): Instruction | undefined {
  return parts(node, ({ shape }) => shape, axisOf(node, node.inputs[0].shape.length));
}

/** The slices along one axis, without that axis. */
export function unpack(node: GraphNode): Instruction | undefined {
  const axis = axisOf(node, node.inputs[0].shape.length);
  return parts(node, ({ shape }) => shape.toSpliced(axis, 0, 1), axis);
}

function parts(
  node: GraphNode,
  shapeOf: (part: Value) => readonly number[],
  axis: number,
): Instruction | undefined {
  const [x] = node.inputs;
  const strides = stridesOf(x.shape);
  let start = 0;
  const steps = node.outputs.map((out) => {
    const shape = shapeOf(out);
    const from = { of: x, strides, start };
    start += shape[axis] * strides[axis];
    return copySlice({ shape, from, to: { of: out, strides: stridesOf(shape), start: 0 } });
  });
  return instruction(node, steps);
}

/** Tensors side by side along one axis. */
export function concat(node: GraphNode): Instruction | undefined {
  const [{ shape }] = node.outputs;
  return join(node, (x) => x.shape, { axis: axisOf(node, shape.length), shape });
}

/** Tensors side by side along a new axis. */
export function pack(node: GraphNode): Instruction | undefined {
  const [{ shape }] = node.outputs;
  const axis = axisOf(node, shape.length);
  return join(node, (x) => x.shape.toSpliced(axis, 0, 1), { axis, shape });
}

interface Joined {
  readonly axis: number;
  readonly shape: readonly number[];
}

function join(
  node: GraphNode,
  shapeOf: (part: Value) => readonly number[],
  { axis, shape }: Joined,
): Instruction | undefined {
  const [out] = node.outputs;
  if (!node.inputs.every(({ dtype }) => dtype === out.dtype)) return undefined;
  const strides = stridesOf(shape);
  let start = 0;
  const steps = node.inputs.map((x) => {
    const part = shapeOf(x);
    const to = { of: out, strides, start };
    start += part[axis] * strides[axis];
    return copySlice({ shape: part, from: { of: x, strides: stridesOf(part), start: 0 }, to });
  });
  return instruction(node, steps);
}

/** A tensor with a constant around it. */
export function pad(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  if (x.dtype === 'bool') return undefined;
  const paddings = node.attrs['paddings'] as readonly (readonly [number, number])[];
  const value = bitsOf(Number(node.attrs['constantValue'] ?? 0), x.dtype);
  const padded = paddings.flatMap(([before, after], axis) => (before + after > 0 ? [axis] : []));
  if (padded.length === 1) {
    const [axis] = padded;
    const inner = stridesOf(x.shape)[axis]; // elements of one position along the axis
    const [before, after] = paddings[axis].map((positions) => positions * inner);
    const n = x.shape[axis] * inner;
    const args = [x, out, sizeOf(x) / n, n, before, after, value];
    return kernelInstruction(node, [{ kernel: 'padRows', args }]);
  }
  const strides = stridesOf(out.shape);
  const begin = paddings.map(([before]) => before);
  const to = { of: out, strides, start: offsetOf(begin, strides) };
  const fill: KernelStep = { kernel: 'fill', args: [out, value, sizeOf(out)] };
  return instruction(node, [[fill], copySlice({ shape: x.shape, from: whole(x), to })]);
}

/** A tensor repeated along its axes. */
export function tile(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const [own, made] = [stridesOf(x.shape), stridesOf(out.shape)];
  // Each axis as two: repetitions, which all read the same, and the positions within one.
  const shape = x.shape.flatMap((size, i) => [out.shape[i] / size, size]);
  const from = { of: x, strides: own.flatMap((stride) => [0, stride]), start: 0 };
  const to = { of: out, strides: made.flatMap((stride, i) => [x.shape[i] * stride, stride]) };
  return instruction(node, [copySlice({ shape, from, to: { ...to, start: 0 } })]);
}

const whole = (value: Value) => ({ of: value, strides: stridesOf(value.shape), start: 0 });

const offsetOf = (begin: readonly number[], strides: readonly number[]): number =>
  begin.reduce((sum, at, axis) => sum + at * strides[axis], 0);

function axisOf({ attrs }: GraphNode, rank: number): number {
  const axis = Number(attrs['axis'] ?? 0);
  return axis < 0 ? axis + rank : axis;
}

/** A number as the bits of a 4-byte value. */
function bitsOf(value: number, dtype: 'float32' | 'int32'): number {
  return dtype === 'int32' ? value | 0 : new Int32Array(Float32Array.of(value).buffer)[0];
}

function instruction(
  node: GraphNode,
  parts: readonly (KernelStep[] | undefined)[],
): Instruction | undefined {
  const steps: KernelStep[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const step of part) steps.push(step);
  }
  return kernelInstruction(node, steps);
}

/** A copy that needs more calls is left to tfjs. */
const MOST_CALLS = 64;

/** One end of a copy: elements lie `strides` apart along each axis, the first at element `start`. */
interface SliceEnd {
  readonly of: Value;
  readonly strides: readonly number[];
  readonly start: number;
}

/** A copy of a slice of some shape between two tensors of one type. */
export interface SliceCopy {
  readonly shape: readonly number[];
  readonly from: SliceEnd;
  readonly to: SliceEnd;
}

interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Copies of rows: axes that are contiguous with the next at both ends are merged, the last becomes the rows' bytes, the
 * two before it the numbers of rows and of planes; each position along the others is a call. Undefined where those are
 * too many.
 */
export function copySlice(copy: SliceCopy): KernelStep[] | undefined {
  const { from, to } = copy;
  const width = to.of.dtype === 'bool' ? 1 : 4;
  const { outer, length } = rowsOf(copy);
  const rows = outer.pop() ?? ONE;
  const planes = outer.pop() ?? ONE;
  const starts = outer.reduce<Offsets[]>(along, [{ from: from.start, to: to.start }]);
  if (starts.length > MOST_CALLS) return undefined;
  return starts.map((start): KernelStep => {
    const source = { of: from.of, skip: start.from * width };
    const target = { of: to.of, skip: start.to * width };
    const [fromRow, toRow, bytes] = [rows.from, rows.to, length].map((n) => n * width);
    if (planes.size === 1) {
      return { kernel: 'copyRows', args: [source, fromRow, target, toRow, rows.size, bytes] };
    }
    const [fromPlane, toPlane] = [planes.from, planes.to].map((n) => n * width);
    const left = [source, fromPlane, fromRow, target, toPlane, toRow];
    return { kernel: 'copyPlanes', args: [...left, planes.size, rows.size, bytes] };
  });
}

/** How many elements are contiguous at both ends of a copy, and the axes that are left. */
export function rowsOf({ shape, from, to }: SliceCopy): { outer: Axis[]; length: number } {
  const axes = mergedAxes(
    shape.map((size, i) => ({ size, from: from.strides[i], to: to.strides[i] })),
  );
  const last = axes.at(-1);
  const isRow = last?.from === 1 && last.to === 1;
  return isRow ? { outer: axes.slice(0, -1), length: last.size } : { outer: axes, length: 1 };
}

const ONE: Axis = { size: 1, from: 0, to: 0 };

type Offsets = Pick<Axis, 'from' | 'to'>;

/** The offsets along one more axis. */
function along(offsets: Offsets[], axis: Axis): Offsets[] {
  return offsets.flatMap(({ from, to }) =>
    Array.from({ length: axis.size }, (_, i) => ({
      from: from + i * axis.from,
      to: to + i * axis.to,
    })),
  );
}

function mergedAxes(axes: readonly Axis[]): Axis[] {
  const kept: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = kept.at(-1);
    if (last?.from === axis.size * axis.from && last.to === axis.size * axis.to) {
      kept[kept.length - 1] = { ...axis, size: last.size * axis.size };
    } else kept.push(axis);
  }
  return kept;
}
