import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { checkAlike, ownOp } from './own-op.js';

const NAME = 'SwiGLU';
const GRADIENT = 'SwiGLUGrad';

/**
 * `SwiGLU`: `gate σ(gate) x`, of float32 tensors of one shape.
 *
 * Source: Shazeer (2020), "GLU Variants Improve Transformer", https://arxiv.org/abs/2002.05202
 */
export const swiglu = ownOp({
  kernelName: NAME,
  inputNames: ['gate', 'x'],
  outputs: (inputs) => [checkAlike(NAME, inputs)],
  lower({ gate, x }, node) {
    const [out] = node.outputs;
    const args = [gate, x, out, sizeOf(out)];
    return kernelInstruction(node, [{ kernel: 'swiglu', args }], { inPlace: true });
  },
  gradient: {
    inputsToSave: ['gate', 'x'],
    gradFunc(dys, [gate, x]) {
      // Both at once, here: tfjs disposes of what the functions below make besides their result.
      const inputs = { gate, x, dy: [dys].flat()[0] };
      const [dGate, dX] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
      return { gate: () => dGate, x: () => dX };
    },
  },
});

/** The gradients for gate and x, given that of the result. */
export const swigluGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['gate', 'x', 'dy'],
  outputs(inputs) {
    const type = checkAlike(GRADIENT, inputs);
    return [type, type];
  },
  lower({ gate, x, dy }, node) {
    const args = [gate, x, dy, ...node.outputs, sizeOf(dy)];
    // All values of one index are read before any is written.
    const overwrites = [gate, x, dy];
    return kernelInstruction(node, [{ kernel: 'swigluGradient', args }], { overwrites });
  },
});
