import {
  engine,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import { describeTensors, describeValue } from './describe-tensors.js';
import { ownKernel } from './own-kernel.js';

const GRADIENT = 'GeluGrad';

/** `Gelu`: x Φ(x), Φ by erf or, `approximate: 'tanh'`, by tanh. `F.gelu(x, approximate=…)`. */
export const geluConfig = ownKernel({
  kernelName: 'Gelu',
  inputNames: ['x'],
  outputs({ x }, attrs): TensorType[] {
    return outputsOf('Gelu', { x }, attrs);
  },
});

/** Its gradient, given that of y. */
export const geluGradConfig = ownKernel({
  kernelName: GRADIENT,
  inputNames: ['x', 'dy'],
  outputs({ x, dy }, attrs): TensorType[] {
    return outputsOf(GRADIENT, { x, dy }, attrs);
  },
});

function outputsOf(
  where: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  { approximate }: NamedAttrMap,
): TensorType[] {
  const [{ shape }, ...others] = Object.values(inputs);
  const isFloat = Object.values(inputs).every(({ dtype }) => dtype === 'float32');
  if (!isFloat || others.some((other) => other.shape.join() !== shape.join())) {
    throw new RangeError(
      `${where}: ${Object.keys(inputs).join(' and ')} must be float32${others.length > 0 ? ' of one shape' : ''}; ` +
        `got ${describeTensors(inputs)}`,
    );
  }
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new RangeError(
      `${where}: approximate must be 'none' or 'tanh'; got ${describeValue(approximate)}`,
    );
  }
  return [{ shape, dtype: 'float32' }];
}

/** The gradient of y for x. */
export const geluGradient: GradConfig = {
  kernelName: geluConfig.kernelName,
  inputsToSave: ['x'],
  gradFunc(dy, [x], attrs) {
    const inputs = { x, dy: [dy].flat()[0] };
    return { x: (): Tensor => engine().runKernel(GRADIENT, inputs, attrs) as Tensor };
  },
};
