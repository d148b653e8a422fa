import type { ComparisonName } from '../../kernels/kernel-functions.js';
import { sizeOf, type GraphNode, type Value } from '../graph.js';
import type { Instruction } from '../instruction.js';
import { broadcastForm } from './broadcast-form.js';
import { allFloat } from './elementwise.js';
import { kernelInstruction, type Lowering } from './kernel-instruction.js';

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

/** One of two float32 tensors at each place, by a condition of the result's shape. */
export function select(node: GraphNode): Instruction | undefined {
  const [condition, x, y] = node.inputs;
  const [out] = node.outputs;
  if (condition.dtype !== 'bool' || sizeOf(condition) !== sizeOf(out)) return undefined;
  const [xStride, yStride] = [x, y].map((value) => strideOf(value, out));
  if (!allFloat([x, y]) || xStride === undefined || yStride === undefined) return undefined;
  const args = [condition, x, xStride, y, yStride, out, sizeOf(out)];
  const overwrites = [x, y].filter((value) => sizeOf(value) === sizeOf(out));
  return { ...kernelInstruction(node, [{ kernel: 'select', args }]), overwrites };
}

/** 1 for a full operand, 0 for a single one. */
function strideOf(operand: Value, output: Value): 0 | 1 | undefined {
  const { kind } = broadcastForm(operand, output);
  if (kind === 'full') return 1;
  return kind === 'single' ? 0 : undefined;
}
