import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { checkAlike, ownOp } from './own-op.js';

const NAME = 'RoundToBFloat16';

/** `RoundToBFloat16`: x of float32, rounded to 8 significant bits; without a gradient. NaN from 2^111 on. `x.bfloat16().float()`. */
export const roundToBFloat16 = ownOp({
  kernelName: NAME,
  inputNames: ['x'],
  outputs: (inputs) => [checkAlike(NAME, inputs)],
  lower({ x }, node) {
    const args = [x, ...node.outputs, sizeOf(x)];
    return kernelInstruction(node, [{ kernel: 'bfloat16', args }], { inPlace: true });
  },
});
