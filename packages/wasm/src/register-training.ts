import {
  BatchMatMul,
  getGradient,
  getKernel,
  Identity,
  registerGradient,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
} from '@tensorflow/tfjs-core';
import { gradients } from '#gradients';
import { fasterKernel } from './eager/faster-kernel.js';
import { fasterKernels } from './eager/faster-kernels.js';
import { batchMatMulConfig } from './kernels/batch-mat-mul.js';
import {
  causalAttentionConfig,
  causalAttentionGradConfig,
  causalAttentionGradient,
} from './kernels/causal-attention.js';
import { conv2dBackpropFilterConfig } from './kernels/conv2d-backprop-filter.js';
import { geluConfig, geluGradConfig, geluGradient } from './kernels/gelu.js';
import { aliasingIdentity } from './kernels/identity.js';
import { layerNormConfig, layerNormGradConfig, layerNormGradient } from './kernels/layer-norm.js';
import { logSoftmaxConfig } from './kernels/log-softmax.js';
import { adamUpdateConfig, momentumUpdateConfig } from './kernels/optimizer-updates.js';
import { seededDropoutConfig, seededDropoutGradient } from './kernels/seeded-dropout.js';
import {
  softmaxCrossEntropyConfig,
  softmaxCrossEntropyGradConfig,
  softmaxCrossEntropyGradient,
} from './kernels/softmax-cross-entropy.js';
import { packingKernels, seeingWrites } from './kernels/written-in-place.js';
import { unsortedSegmentSumConfig } from './kernels/unsorted-segment-sum.js';

/** What the backend lacks: kernels of tfjs, then those of our own. */
const additions = [
  conv2dBackpropFilterConfig,
  logSoftmaxConfig,
  fasterKernel(unsortedSegmentSumConfig, ['x', 'segmentIds']),
  adamUpdateConfig,
  causalAttentionConfig,
  causalAttentionGradConfig,
  geluConfig,
  geluGradConfig,
  layerNormConfig,
  layerNormGradConfig,
  momentumUpdateConfig,
  seededDropoutConfig,
  softmaxCrossEntropyConfig,
  softmaxCrossEntropyGradConfig,
];

/** The gradients of our own. */
const ownGradients = [
  causalAttentionGradient,
  geluGradient,
  layerNormGradient,
  seededDropoutGradient,
  softmaxCrossEntropyGradient,
];

/** Registers the gradients of tfjs-core and the kernels the wasm backend lacks; what is registered already stays. */
export function registerTraining(): void {
  for (const gradient of [...gradients, ...ownGradients]) {
    if (isMissing(getGradient(gradient.kernelName))) registerGradient(gradient);
  }
  for (const kernel of additions) {
    if (isMissing(getKernel(kernel.kernelName, kernel.backendName))) registerKernel(kernel);
  }
  replace(BatchMatMul, () => batchMatMulConfig);
  replace(Identity, aliasingIdentity);
  for (const name of packingKernels) replace(name, seeingWrites);
  for (const [name, inputs] of fasterKernels) {
    replace(name, (stock) => fasterKernel(stock, inputs));
  }
}

/** Puts another kernel in the place of one that the backend has. */
function replace(kernelName: string, make: (stock: KernelConfig) => KernelConfig): void {
  const config = make(getKernel(kernelName, 'wasm'));
  unregisterKernel(kernelName, 'wasm');
  registerKernel(config);
}

/** tfjs' types don't say that a look-up may find nothing. */
const isMissing = (found: object | undefined): boolean => found === undefined;
