import { sizeOf, type GraphNode } from '../graph.js';
import type { Instruction, KernelStep, Operand } from '../instruction.js';
import { allFloat } from './elementwise.js';
import { kernelInstruction } from './kernel-instruction.js';

/** `exp(x - max) / Σ exp(x - max)` over the last axis, in tfjs' order. */
export function softmax(node: GraphNode): Instruction | undefined {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const dim = Number(node.attrs['dim'] ?? -1);
  if (!allFloat([x, out]) || (dim !== -1 && dim !== x.shape.length - 1)) return undefined;
  const n = x.shape.at(-1) ?? 1;
  const rows = sizeOf(x) / Math.max(n, 1);
  const each: Operand = { scratch: 0 };
  const steps: KernelStep[] = [
    { kernel: 'maxRows', args: [x, each, rows, n] },
    { kernel: 'subtractColumn', args: [x, each, out, rows, n, 0] },
    { kernel: 'exp', args: [out, out, rows * n] },
    { kernel: 'sumRows', args: [out, each, rows, n] },
    { kernel: 'divideColumn', args: [out, each, out, rows, n, 0] },
  ];
  return {
    ...kernelInstruction(node, steps, { scratchBytes: rows * 4, inPlace: true }),
    name: 'softmax',
  };
}
