import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { kernelInstruction } from '../graph/instruction.js';
import { sizeOf } from '../kernels/tensor-type.js';
import { describeTensors, isTensor, ownOp } from './own-op.js';

const NAME = 'GatedActivation';
const GRADIENT = 'GatedActivationGrad';

/**
 * `GatedActivation`: `tanh(values) σ(gates)` `[..., C]` of x `[..., 2 C]`, the values before the gates, and both factors. `F.glu` with tanh.
 *
 * Source: van den Oord et al. (2016), "Conditional Image Generation with PixelCNN Decoders"
 */
export const gatedActivation = ownOp({
  kernelName: NAME,
  inputNames: ['x'],
  outputs({ x }) {
    const width = x.shape.at(-1) ?? 0;
    if (x.dtype !== 'float32' || width === 0 || width % 2 !== 0) {
      throw new RangeError(
        `${NAME}: x must be float32 [..., 2 C] with C of at least 1; got ${describeTensors({ x })}`,
      );
    }
    return [
      { shape: [...x.shape.slice(0, -1), width / 2], dtype: 'float32' },
      { shape: x.shape, dtype: 'float32' },
    ];
  },
  lower({ x }, node) {
    const C = (x.shape.at(-1) ?? 0) / 2;
    const args = [x, ...node.outputs, sizeOf(x) / C / 2, C];
    return kernelInstruction(node, [{ kernel: 'gatedActivation', args }]);
  },
  gradient: {
    outputsToSave: [false, true],
    gradFunc(dys, [factors]) {
      const inputs = { factors, dy: [dys].flat()[0] };
      return { x: (): Tensor => engine().runKernel(GRADIENT, inputs) as Tensor };
    },
  },
});

/** The gradient for x, given that of y. */
export const gatedActivationGradient = ownOp({
  kernelName: GRADIENT,
  inputNames: ['factors', 'dy'],
  outputs({ factors, dy }) {
    const width = (dy.shape.at(-1) ?? 0) * 2;
    const fits = isTensor(factors, 'float32', [...dy.shape.slice(0, -1), width]);
    if (!fits || dy.dtype !== 'float32' || width === 0) {
      throw new RangeError(
        `${GRADIENT}: factors must be float32 [..., 2 C], dy [..., C] with C of at least 1; got ${describeTensors({ factors, dy })}`,
      );
    }
    return [{ shape: factors.shape, dtype: 'float32' }];
  },
  lower({ factors, dy }, node) {
    const C = dy.shape.at(-1) ?? 1;
    const args = [factors, dy, ...node.outputs, sizeOf(dy) / C, C];
    const overwrites = [factors];
    return kernelInstruction(node, [{ kernel: 'gatedActivationGradient', args }], { overwrites });
  },
});
