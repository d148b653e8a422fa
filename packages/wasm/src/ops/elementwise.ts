import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { inputNamed, SCALE, type GraphNode, type Value } from '../graph/graph.js';
import { allFloat, kernelInstruction } from '../graph/instruction.js';
import type { Instruction, KernelStep, Lowering } from '../graph/instruction.js';
import type { BinaryName, ComparisonName, UnaryName } from '../kernels/kernel-functions.js';
import { sizeOf } from '../kernels/tensor-type.js';

/** An operation on one float32 tensor, value by value. */
export function unary(kernel: UnaryName): Lowering {
  return (node) => {
    const { inputs, outputs } = node;
    if (!allFloat([...inputs, ...outputs])) return undefined;
    const steps = [{ kernel, args: [inputs[0], outputs[0], sizeOf(outputs[0])] }];
    return kernelInstruction(node, steps, { inPlace: true });
  };
}

/** Between float32, int32 and bool, but for bool to int32. */
export function cast(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  if (out.dtype === 'bool' && x.dtype !== 'bool') {
    const ignored = x.dtype === 'float32' ? 2 ** 31 : 0; // the sign of a zero
    return kernelInstruction(node, [
      { kernel: 'castToBool', args: [x, out, sizeOf(out), ignored] },
    ]);
  }
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

/** Each value of a float32 tensor within bounds; NaN stays. */
export function clip(bounds: (attrs: NamedAttrMap) => readonly [number, number]): Lowering {
  return (node) => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    if (!allFloat([x, out])) return undefined;
    const args = [x, out, sizeOf(out), ...bounds(node.attrs)];
    return kernelInstruction(node, [{ kernel: 'clip', args }], { inPlace: true });
  };
}

/** Powers that are roots and squares; 3/2 occurs in the gradient of a reciprocal root. */
export function power(node: GraphNode): Instruction | undefined {
  const [x, exponent] = node.inputs;
  const [out] = node.outputs;
  const { source } = exponent;
  if (source.kind !== 'constant' || sizeOf(exponent) !== 1 || !allFloat([x, exponent, out])) {
    return undefined;
  }
  const size = sizeOf(out);
  switch (source.values[0]) {
    case 2:
      return unary('squares')({ ...node, inputs: [x] });
    case 0.5:
      return unary('squareRoot')({ ...node, inputs: [x] });
    case 1.5: {
      const root = { scratch: 0 };
      const steps: KernelStep[] = [
        { kernel: 'squareRoot', args: [x, root, size] },
        { kernel: 'multiply', args: [x, 1, root, 1, out, size] },
      ];
      return kernelInstruction({ ...node, inputs: [x] }, steps, {
        scratchBytes: size * 4,
        inPlace: true,
      });
    }
    case -1.5: {
      const root = { scratch: 0 };
      const steps: KernelStep[] = [
        { kernel: 'reciprocalSquareRoot', args: [x, root, size] },
        { kernel: 'multiply', args: [root, 1, root, 1, out, size] },
        { kernel: 'multiply', args: [out, 1, root, 1, out, size] },
      ];
      return kernelInstruction({ ...node, inputs: [x] }, steps, {
        scratchBytes: size * 4,
        inPlace: true,
      });
    }
    default:
      return undefined;
  }
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

/** An operation on two tensors of float32, or of int32 as counts and places are. */
export function arithmetic(
  kernel: BinaryName,
  integers: 'addIntegers' | 'subtractIntegers' | 'multiplyIntegers',
  forms: BroadcastKernels,
): Lowering {
  const floats = binary(kernel, forms);
  return (node) => (node.outputs[0].dtype === 'int32' ? ofIntegers(integers, node) : floats(node));
}

function ofIntegers(
  kernel: 'addIntegers' | 'subtractIntegers' | 'multiplyIntegers',
  node: GraphNode,
): Instruction | undefined {
  const [x, y] = node.inputs;
  const [out] = node.outputs;
  if (![x, y].every(({ dtype }) => dtype === 'int32')) return undefined;
  const strides = [x, y].map((value) => STRIDES[broadcastForm(value, out).kind]);
  if (strides.some((stride) => stride === undefined)) return undefined;
  const [xStride = 0, yStride = 0] = strides;
  const args = [x, xStride, y, yStride, out, sizeOf(out)];
  return kernelInstruction(node, [{ kernel, args }], { inPlace: true });
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

/** `w - g rate`, computed on a copy of w unless it may overwrite w. */
export function descent(node: GraphNode): Instruction {
  const [w, g, rate] = node.inputs;
  const [out] = node.outputs;
  const steps: KernelStep[] = [
    { kernel: 'copy', args: [w, out, sizeOf(out) * 4] },
    { kernel: 'descend', args: [out, g, rate, inputNamed(node, SCALE) ?? 0, sizeOf(out)] },
  ];
  return kernelInstruction(node, steps, { overwrites: [w] });
}

/** A comparison of two float32 tensors of which each is as large as the result or one value. */
export function compare(kernel: ComparisonName, swapped = false): Lowering {
  return (node) => {
    const [out] = node.outputs;
    const [x, y] = swapped ? node.inputs.toReversed() : node.inputs;
    const [xStride, yStride] = [x, y].map((value) => strideOf(value, out));
    if (!allFloat([x, y]) || xStride === undefined || yStride === undefined) return undefined;
    const args = [x, xStride, y, yStride, out, sizeOf(out)];
    return kernelInstruction(node, [{ kernel, args }]);
  };
}

/** One of two float32 tensors for each element, by a condition of the result's shape. */
export function select(node: GraphNode): Instruction | undefined {
  const [condition, x, y] = node.inputs;
  const [out] = node.outputs;
  if (condition.dtype !== 'bool' || sizeOf(condition) !== sizeOf(out)) return undefined;
  const [xStride, yStride] = [x, y].map((value) => strideOf(value, out));
  if (!allFloat([x, y]) || xStride === undefined || yStride === undefined) return undefined;
  const args = [condition, x, xStride, y, yStride, out, sizeOf(out)];
  const overwrites = [x, y].filter((value) => sizeOf(value) === sizeOf(out));
  return kernelInstruction(node, [{ kernel: 'select', args }], { overwrites });
}

/** 1 for a full operand, 0 for a single one. */
function strideOf(operand: Value, output: Value): 0 | 1 | undefined {
  const { kind } = broadcastForm(operand, output);
  if (kind === 'full') return 1;
  return kind === 'single' ? 0 : undefined;
}

/** How an operand lies under an output. */
export type BroadcastForm =
  /** As long as the output. */
  | { readonly kind: 'full' }
  /** One value for all. */
  | { readonly kind: 'single' }
  /** `size` values, repeated as a whole. */
  | { readonly kind: 'row'; readonly size: number }
  /** `size` values, each repeated in consecutive elements. */
  | { readonly kind: 'column'; readonly size: number }
  | { readonly kind: 'other' };

/** The form of an operand that is broadcast to an output's shape. A constant of equal values is a single one. */
export function broadcastForm(operand: Value, output: Value): BroadcastForm {
  const size = sizeOf(operand);
  if (size === 1 || isSplat(operand)) return { kind: 'single' };
  if (size === sizeOf(output)) return { kind: 'full' };
  const shape = [
    ...Array.from({ length: output.shape.length - operand.shape.length }, () => 1),
    ...operand.shape,
  ];
  const first = shape.findIndex((length) => length !== 1);
  const last = shape.findLastIndex((length) => length !== 1);
  const isWhole = (from: number, to: number): boolean =>
    shape.slice(from, to).every((length, i) => length === output.shape[from + i]);
  if (isWhole(first, shape.length)) return { kind: 'row', size };
  if (output.shape.slice(0, first).every((length) => length === 1) && isWhole(0, last + 1)) {
    return { kind: 'column', size };
  }
  return { kind: 'other' };
}

function isSplat({ source }: Value): boolean {
  if (source.kind !== 'constant') return false;
  const [first] = source.values;
  return first !== undefined && source.values.every((value) => Object.is(value, first));
}
