import { engine, type GradConfig, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf, type TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

const GRADIENT = 'LayerNormGrad';

/**
 * `LayerNorm`: `(x - mean) / √(variance + epsilon) · weight + bias` over the last axis of x `[..., C]`, with the mean
 * and `1 / √(variance + epsilon)` of each row. `F.layer_norm(x, [C], weight, bias, epsilon)`.
 */
export const layerNormConfig = ownKernel({
  kernelName: 'LayerNorm',
  inputNames: ['x', 'weight', 'bias'],
  outputs({ x, weight, bias }, { epsilon }): TensorType[] {
    const C = x.shape.at(-1) ?? 0;
    const fits = isTensor(weight, 'float32', [C]) && isTensor(bias, 'float32', [C]);
    if (!fits || C === 0 || x.dtype !== 'float32') {
      throw new RangeError(
        'LayerNorm: x must be float32 [..., C] with C from 1 on, weight and bias float32 [C]; ' +
          `got ${describeTensors({ x, weight, bias })}`,
      );
    }
    if (typeof epsilon !== 'number' || !(epsilon >= 0)) {
      throw new RangeError(
        `LayerNorm: epsilon must be a number from 0 on; got ${describeValue(epsilon)}`,
      );
    }
    const row = { shape: [sizeOf(x) / C], dtype: 'float32' } as const;
    return [{ shape: x.shape, dtype: 'float32' }, row, row];
  },
});

/** The gradients for x, weight and bias, given that of y. */
export const layerNormGradConfig = ownKernel({
  kernelName: GRADIENT,
  inputNames: ['x', 'weight', 'mean', 'inverseDeviation', 'dy'],
  outputs(inputs): TensorType[] {
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
});

/** The gradient of y. Mean and inverse deviation are handed out without one. */
export const layerNormGradient: GradConfig = {
  kernelName: layerNormConfig.kernelName,
  inputsToSave: ['x', 'weight'],
  outputsToSave: [false, true, true],
  gradFunc(dys, [x, weight, mean, inverseDeviation]) {
    const [dy] = [dys].flat();
    // All at once, here: tfjs disposes of what the functions below make besides their result.
    const inputs = { x, weight, mean, inverseDeviation, dy };
    const [dx, dWeight, dBias] = engine().runKernel<Tensor[]>(GRADIENT, inputs);
    return { x: () => dx, weight: () => dWeight, bias: () => dBias };
  },
};
