import {
  BatchMatMul,
  getGradient,
  getKernel,
  Identity,
  type KernelConfig,
  registerGradient,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { gradients } from '#gradients';
import { batchMatMulConfig } from './eager/batch-mat-mul.js';
import {
  causalAttentionConfig,
  causalAttentionGradConfig,
  causalAttentionGradient,
} from './eager/causal-attention.js';
import { conv2dBackpropFilterConfig } from './eager/conv2d-backprop-filter.js';
import { fasterKernel } from './eager/faster-kernel.js';
import { aliasingIdentity, fasterKernels } from './eager/faster-kernels.js';
import { geluConfig, geluGradConfig, geluGradient } from './eager/gelu.js';
import { layerNormConfig, layerNormGradConfig, layerNormGradient } from './eager/layer-norm.js';
import { logSoftmaxConfig } from './eager/log-softmax.js';
import { adamUpdateConfig, momentumUpdateConfig } from './eager/optimizer-updates.js';
import { seededDropoutConfig, seededDropoutGradient } from './eager/seeded-dropout.js';
import {
  softmaxCrossEntropyConfig,
  softmaxCrossEntropyGradConfig,
  softmaxCrossEntropyGradient,
} from './eager/softmax-cross-entropy.js';
import { unsortedSegmentSumConfig } from './eager/unsorted-segment-sum.js';
import { packingKernels, seeingWrites } from './kernels/written-in-place.js';

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
