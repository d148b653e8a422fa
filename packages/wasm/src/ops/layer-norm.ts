import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { inputNamed, RESIDUAL, type GraphNode } from '../graph/graph.js';
import { kernelInstruction, paddedBytes, type Instruction } from '../graph/instruction.js';
import { LONG } from '../kernels/kernel-functions.js';
import { bytesOf, sizeOf } from '../kernels/tensor-type.js';
import { checkEpsilon, describeTensors, isTensor, ownOp } from './own-op.js';

const GRADIENT = 'LayerNormGrad';

/**
 * `LayerNorm`: `(x - mean) / √(variance + epsilon) · weight + bias` over the last axis of x `[..., C]`, with the mean
 * and `1 / √(variance + epsilon)` of each row. `F.layer_norm(x, [C], weight, bias, epsilon)`.
 */
export const layerNorm = ownOp({
  kernelName: 'LayerNorm',
  inputNames: ['x', 'weight', 'bias'],
  outputs({ x, weight, bias }, { epsilon }) {
    const C = x.shape.at(-1) ?? 0;
    const fits = isTensor(weight, 'float32', [C]) && isTensor(bias, 'float32', [C]);
    if (!fits || C === 0 || x.dtype !== 'float32') {
      throw new RangeError(
        'LayerNorm: x must be float32 [..., C] with C of at least 1, weight and bias float32 [C]; ' +
          `got ${describeTensors({ x, weight, bias })}`,
      );
    }
    checkEpsilon('LayerNorm', epsilon);
    const row = { shape: [sizeOf(x) / C], dtype: 'float32' } as const;
    return [{ shape: x.shape, dtype: 'float32' }, row, row];
  },
  lower({ x, weight, bias }, node) {
    const n = sizeOf(weight);
    const rows = sizeOf(x) / n;
    const args = [x, 0, weight, bias, 0, ...node.outputs, rows, n, Number(node.attrs['epsilon'])];
    return kernelInstruction(node, [{ kernel: 'layerNorm', args }], { overwrites: [x] });
  },
  gradient: {
    inputsToSave: ['x', 'weight'],
    outputsToSave: [false, true, true],
    gradFunc(dys, [x, weight, mean, inverseDeviation]) {
      const [dy] = [dys].flat();
      // All at once, here: tfjs disposes of what the functions below make besides their result.
      const inputs = { x, weight, mean, inverseDeviation, dy };
      const [dx, dWeight, dBias] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
      return { x: () => dx, weight: () => dWeight, bias: () => dBias };
    },
  },
});

/** The gradients for x, weight and bias, given that of y. */
export const layerNormGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['x', 'weight', 'mean', 'inverseDeviation', 'dy'],
  outputs(inputs) {
    const { x, weight, mean, inverseDeviation, dy } = inputs;
    const C = x.shape.at(-1) ?? 0;
    const rows = [sizeOf(x) / C];
    const fits =
      isTensor(x, 'float32', dy.shape) &&
      isTensor(dy, 'float32', x.shape) &&
      isTensor(weight, 'float32', [C]) &&
      isTensor(mean, 'float32', rows) &&
      isTensor(inverseDeviation, 'float32', rows);
    if (!fits) {
      throw new RangeError(
        `${GRADIENT}: x and dy must be float32 [..., C], weight [C], mean and inverseDeviation a value for each row; ` +
          `got ${describeTensors(inputs)}`,
      );
    }
    const parameter = { shape: [C], dtype: 'float32' } as const;
    return [{ shape: x.shape, dtype: 'float32' }, parameter, parameter];
  },
  lower({ x, weight, mean, inverseDeviation, dy }, node) {
    const [dx, dWeight] = node.outputs;
    const n = sizeOf(weight);
    const rows = sizeOf(x) / n;
    const scratch = { scratch: 0 };
    const residual = inputNamed(node, RESIDUAL);
    const given = [x, weight, mean, inverseDeviation, dy, residual ?? 0];
    const args = [...given, ...node.outputs, rows, n, scratch];
    // The sums are written first: none of them may take the memory of dy.
    const isLarger = paddedBytes(bytesOf(dx)) !== paddedBytes(bytesOf(dWeight));
    return kernelInstruction(node, [{ kernel: 'layerNormGradient', args }], {
      overwrites: isLarger ? [dy, residual].filter((value) => value !== undefined) : [],
      scratchBytes: rows > LONG ? 16 * n : 0,
    });
  },
});

/** `x + residual`, and its layer norm. */
export function addLayerNorm(node: GraphNode): Instruction {
  const [x, residual, weight, bias] = node.inputs;
  const n = sizeOf(weight);
  const rows = sizeOf(x) / n;
  const given = [x, residual, weight, bias];
  const args = [...given, ...node.outputs, rows, n, Number(node.attrs['epsilon'])];
  // Of a row all is read before anything of it is written.
  return kernelInstruction(node, [{ kernel: 'layerNorm', args }], { overwrites: [x, residual] });
}
