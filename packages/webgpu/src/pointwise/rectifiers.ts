import { backend_util } from '@tensorflow/tfjs-core';
import type { Kernel, Pointwise } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { byFloats, computed } from './operands.js';

/** Expressions of activations that bend at 0; NaN stays. */
export const rectified = {
  relu: (x: string) => `select(max(${x}, 0.0f), ${x}, is_nan(${x}))`,
  relu6: (x: string) => `select(clamp(${x}, 0.0f, 6.0f), ${x}, is_nan(${x}) || ${x} == 0.0f)`,
  elu: (x: string) => `select(expm1_(${x}), ${x}, ${x} >= 0.0f)`,
  leakyRelu: (x: string, alpha: string) => `select(${x}, ${alpha} * ${x}, ${x} < 0.0f)`,
} as const;

const SCALE = float(backend_util.SELU_SCALE);
const SCALE_ALPHA = float(backend_util.SELU_SCALEALPHA);

/** Activations of tfjs that bend at 0, by the names of their kernels. */
export const rectifiers: Readonly<Record<string, Pointwise>> = {
  Relu: computed({ floats: rectified.relu, whole: (x) => `max(${x}, 0i)` }),
  Relu6: computed({ floats: rectified.relu6, whole: (x) => `clamp(${x}, 0i, 6i)` }),
  Elu: byFloats(rectified.elu, 'expm1_'),
  EluGrad: byFloats((dy, y) => `select(${dy} * (${y} + 1.0f), ${dy}, ${y} >= 0.0f)`),
  Selu: byFloats(
    (x) => `select(${SCALE_ALPHA} * expm1_(${x}), ${SCALE} * ${x}, ${x} >= 0.0f)`,
    'expm1_',
  ),
  LeakyRelu: (call) => {
    const alpha = float(Number(call.node.attrs['alpha']));
    return byFloats((x) => rectified.leakyRelu(x, alpha))(call);
  },
  Prelu: byFloats(rectified.leakyRelu),
};

/** What tfjs' fused kernels do to x. */
export function fusedActivation(
  kernel: Kernel,
  activation: string,
  x: string,
  alpha: string,
): string {
  switch (activation) {
    case 'relu':
      return rectified.relu(x);
    case 'relu6':
      return rectified.relu6(x);
    case 'elu':
      kernel.use('expm1_');
      return rectified.elu(x);
    case 'sigmoid':
      return `${kernel.use('sigmoid')}(${x})`;
    case 'leakyrelu':
    case 'prelu':
      return rectified.leakyRelu(x, alpha);
    default:
      return x;
  }
}
