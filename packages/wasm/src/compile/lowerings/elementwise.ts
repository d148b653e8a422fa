import { sizeOf, type GraphNode, type Value } from '../graph.js';
import type { Instruction, KernelStep } from '../instruction.js';
import type { BinaryName, UnaryName } from '../../kernels/kernel-functions.js';
import { broadcastForm, type BroadcastForm } from './broadcast-form.js';
import { kernelInstruction, type Lowering } from './kernel-instruction.js';

/** An operation on one float32 tensor, value by value. */
export function unary(kernel: UnaryName): Lowering {
  return (node) => {
    const { inputs, outputs } = node;
    if (!allFloat([...inputs, ...outputs])) return undefined;
    const steps = [{ kernel, args: [inputs[0], outputs[0], sizeOf(outputs[0])] }];
    return kernelInstruction(node, steps, { inPlace: true });
  };
}

/** An operation on two float32 tensors that are broadcast. */
export function binary(kernel: BinaryName, forms?: BroadcastKernels): Lowering {
  return (node) => {
    const { inputs, outputs } = node;
    if (inputs.length !== 2 || !allFloat([...inputs, ...outputs])) return undefined;
    const steps = binarySteps(kernel, node, forms);
    return steps === undefined ? undefined : kernelInstruction(node, steps, { inPlace: true });
  };
}

/** A sum of float32 or, as counts have it, of int32. */
export function sum(forms: BroadcastKernels): Lowering {
  const floats = binary('add', forms);
  return (node) => (node.outputs[0].dtype === 'int32' ? sumOfIntegers(node) : floats(node));
}

function sumOfIntegers(node: GraphNode): Instruction | undefined {
  const [x, y] = node.inputs;
  const [out] = node.outputs;
  if (![x, y].every(({ dtype }) => dtype === 'int32')) return undefined;
  const strides = [x, y].map((value) => STRIDES[broadcastForm(value, out).kind]);
  if (strides.some((stride) => stride === undefined)) return undefined;
  const [xStride = 0, yStride = 0] = strides;
  const args = [x, xStride, y, yStride, out, sizeOf(out)];
  return kernelInstruction(node, [{ kernel: 'addIntegers', args }], { inPlace: true });
}

const STRIDES: Readonly<Partial<Record<BroadcastForm['kind'], number>>> = { full: 1, single: 0 };

/** Kernels for a row under each row of the other operand, and for a column beside its columns. */
interface BroadcastKernels {
  readonly row: 'addRow' | 'subtractRow' | 'multiplyRow' | 'divideRow';
  readonly column: 'addColumn' | 'subtractColumn' | 'multiplyColumn' | 'divideColumn';
  readonly commutes: boolean;
}

function binarySteps(
  kernel: BinaryName,
  { inputs: [x, y], outputs: [out] }: GraphNode,
  forms?: BroadcastKernels,
): KernelStep[] | undefined {
  const size = sizeOf(out);
  const [left, right] = [broadcastForm(x, out), broadcastForm(y, out)];
  if (left.kind === 'full' || left.kind === 'single') {
    if (right.kind === 'full' || right.kind === 'single') {
      const args = [x, left.kind === 'full' ? 1 : 0, y, right.kind === 'full' ? 1 : 0, out, size];
      return [{ kernel, args }];
    }
  }
  if (forms === undefined) return undefined;
  // A constant of equal values is a single one, but it has the values of a full one too.
  if (left.kind === 'full' || sizeOf(x) === size) {
    if (right.kind === 'row') {
      return [{ kernel: forms.row, args: [x, y, out, size / right.size, right.size] }];
    }
    if (right.kind === 'column') {
      return [{ kernel: forms.column, args: [x, y, out, right.size, size / right.size, 0] }];
    }
  }
  if (right.kind === 'full' || sizeOf(y) === size) {
    if (left.kind === 'row' && forms.commutes) {
      return [{ kernel: forms.row, args: [y, x, out, size / left.size, left.size] }];
    }
    if (left.kind === 'column') {
      return [{ kernel: forms.column, args: [x, y, out, left.size, size / left.size, 1] }];
    }
  }
  return undefined;
}

/** `dy` where y is above 0. */
export function reluGradient(node: GraphNode): Instruction {
  const [dy, y] = node.inputs;
  const [out] = node.outputs;
  const steps: KernelStep[] = [{ kernel: 'reluGradient', args: [y, 1, dy, 1, out, sizeOf(out)] }];
  return kernelInstruction(node, steps, { inPlace: true });
}

/** `w - g rate`, computed upon a copy of w unless it may overwrite w. */
export function descent(node: GraphNode): Instruction {
  const [w, g, rate] = node.inputs;
  const [out] = node.outputs;
  const steps: KernelStep[] = [
    { kernel: 'copy', args: [w, out, sizeOf(out) * 4] },
    { kernel: 'descend', args: [out, g, rate, sizeOf(out)] },
  ];
  return { ...kernelInstruction(node, steps), overwrites: [w] };
}

/** int32 or bool to float32, float32 to int32. */
export function cast(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const kernel = CASTS[`${x.dtype} ${out.dtype}`];
  if (kernel === undefined) return undefined;
  const steps: KernelStep[] = [{ kernel, args: [x, out, sizeOf(out)] }];
  return kernelInstruction(node, steps, { inPlace: x.dtype !== 'bool' });
}

const CASTS: Readonly<Record<string, 'castInt' | 'castBool' | 'castFloat' | undefined>> = {
  'int32 float32': 'castInt',
  'bool float32': 'castBool',
  'float32 int32': 'castFloat',
};

export const allFloat = (values: readonly Value[]): boolean =>
  values.every(({ dtype }) => dtype === 'float32');
