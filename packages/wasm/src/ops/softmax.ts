import { allFloat, kernelInstruction, type Lowering } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';

/** Softmax or its logarithm over the last axis. */
export function softmax(kernel: 'softmax' | 'logSoftmax'): Lowering {
  return (node) => {
    const [x] = node.inputs;
    const [out] = node.outputs;
    const axis = Number(node.attrs['dim'] ?? node.attrs['axis'] ?? -1);
    if (!allFloat([x, out]) || (axis !== -1 && axis !== x.shape.length - 1)) return undefined;
    const n = x.shape.at(-1) ?? 1;
    const args = [x, out, sizeOf(x) / Math.max(n, 1), n];
    return kernelInstruction(node, [{ kernel, args }], { inPlace: true });
  };
}
