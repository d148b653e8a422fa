import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { checkAlike, ownOp } from './own-op.js';

const NAME = 'SquaredRelu';
const GRADIENT = 'SquaredReluGrad';

/** `SquaredRelu`: `max(x, 0)²` of float32. */
export const squaredRelu = ownOp({
  kernelName: NAME,
  inputNames: ['x'],
  outputs: (inputs) => [checkAlike(NAME, inputs)],
  lower({ x }, node) {
    const args = [x, ...node.outputs, sizeOf(x)];
    return kernelInstruction(node, [{ kernel: 'squaredRelu', args }], { inPlace: true });
  },
  gradient: {
    inputsToSave: ['x'],
    gradFunc(dys, [x]) {
      const inputs = { x, dy: [dys].flat()[0] };
      return { x: (): Tensor => engine().runKernel(GRADIENT, inputs) as Tensor };
    },
  },
});

/** The gradient for x, given that of the result. */
export const squaredReluGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['x', 'dy'],
  outputs: (inputs) => [checkAlike(GRADIENT, inputs)],
  lower({ x, dy }, node) {
    const args = [x, 1, dy, 1, ...node.outputs, sizeOf(x)];
    return kernelInstruction(node, [{ kernel: 'squaredReluGradient', args }], { inPlace: true });
  },
});
