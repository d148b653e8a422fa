import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { inputNamed, RESIDUAL, type GraphNode } from '../graph/graph.js';
import { kernelInstruction, paddedBytes, type Instruction } from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { bytesOf, sizeOf } from '../kernels/tensor-type.js';
import { checkEpsilon, describeTensors, isTensor, ownOp } from './own-op.js';

const NAME = 'RMSNorm';
const GRADIENT = 'RMSNormGrad';

/**
 * `RMSNorm`: `x / √(mean(x²) + epsilon) · weight` over the last axis of x `[..., C]`, with `1 / √(mean(x²) + epsilon)` of each row.
 * `F.rms_norm(x, [C], weight, epsilon)`.
 *
 * Source: Zhang and Sennrich (2019), "Root Mean Square Layer Normalization", https://arxiv.org/abs/1910.07467
 */
export const rmsNorm = ownOp({
  kernelName: NAME,
  inputNames: ['x', 'weight'],
  outputs({ x, weight }, { epsilon }) {
    const C = x.shape.at(-1) ?? 0;
    if (!isTensor(weight, 'float32', [C]) || C === 0 || x.dtype !== 'float32') {
      throw new RangeError(
        `${NAME}: x must be float32 [..., C] with C of at least 1, weight float32 [C]; got ${describeTensors({ x, weight })}`,
      );
    }
    checkEpsilon(NAME, epsilon);
    return [
      { shape: x.shape, dtype: 'float32' },
      { shape: [sizeOf(x) / C], dtype: 'float32' },
    ];
  },
  lower({ x, weight }, node) {
    const [y, inverses] = node.outputs;
    const n = sizeOf(weight);
    const sizes = [sizeOf(x) / n, n, Number(node.attrs['epsilon'])];
    const args = [x, 0, weight, 0, 0, y, 0, inverses, ...sizes];
    return kernelInstruction(node, [{ kernel: 'layerNorm', args }], { overwrites: [x] });
  },
  gradient: {
    inputsToSave: ['x', 'weight'],
    outputsToSave: [false, true],
    gradFunc(dys, [x, weight, inverse]) {
      // Both at once, here: tfjs disposes of what the functions below make besides their result.
      const inputs = { x, weight, inverse, dy: [dys].flat()[0] };
      const [dx, dWeight] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
      return { x: () => dx, weight: () => dWeight };
    },
  },
});

/** The gradients for x and weight, given that of y. */
export const rmsNormGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['x', 'weight', 'inverse', 'dy'],
  outputs(inputs) {
    const { x, weight, inverse, dy } = inputs;
    const C = x.shape.at(-1) ?? 0;
    const fits =
      isTensor(x, 'float32', dy.shape) &&
      isTensor(dy, 'float32', x.shape) &&
      isTensor(weight, 'float32', [C]) &&
      isTensor(inverse, 'float32', [sizeOf(x) / C]);
    if (!fits) {
      throw new RangeError(
        `${GRADIENT}: x and dy must be float32 [..., C], weight [C], inverse a value for each row; got ${describeTensors(inputs)}`,
      );
    }
    return [
      { shape: x.shape, dtype: 'float32' },
      { shape: [C], dtype: 'float32' },
    ];
  },
  lower({ x, weight, inverse, dy }, node) {
    const [dx, dWeight] = node.outputs;
    const n = sizeOf(weight);
    const rows = sizeOf(x) / n;
    const residual = inputNamed(node, RESIDUAL);
    const given = [x, weight, 0, inverse, dy, residual ?? 0];
    const args = [...given, dx, dWeight, 0, rows, n, { scratch: 0 }];
    // The sums are written first: they must not take the memory of dy.
    const isLarger = paddedBytes(bytesOf(dx)) !== paddedBytes(bytesOf(dWeight));
    return kernelInstruction(node, [{ kernel: 'layerNormGradient', args }], {
      overwrites: isLarger ? [dy, residual].filter((value) => value !== undefined) : [],
      scratchBytes: rows > LONG ? 16 * n : 0,
    });
  },
});

/** `x + residual`, and its norm. */
export function addRmsNorm(node: GraphNode): Instruction {
  const [x, residual, weight] = node.inputs;
  const [sum, y, inverses] = node.outputs;
  const n = sizeOf(weight);
  const sizes = [sizeOf(x) / n, n, Number(node.attrs['epsilon'])];
  const args = [x, residual, weight, 0, sum, y, 0, inverses, ...sizes];
  // Of a row all is read before anything of it is written.
  return kernelInstruction(node, [{ kernel: 'layerNorm', args }], { overwrites: [x, residual] });
}
