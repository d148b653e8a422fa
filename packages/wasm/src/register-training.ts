import {
  getGradient,
  getKernel,
  registerGradient,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { gradients } from '#gradients';
import { batchMatMulConfig } from './kernels/batch-mat-mul.js';
import { conv2dBackpropFilterConfig } from './kernels/conv2d-backprop-filter.js';
import { geluConfig, geluGradConfig, geluGradient } from './kernels/gelu.js';
import { layerNormConfig, layerNormGradConfig, layerNormGradient } from './kernels/layer-norm.js';
import { logSoftmaxConfig } from './kernels/log-softmax.js';
import { adamUpdateConfig, momentumUpdateConfig } from './kernels/optimizer-updates.js';
import { seededDropoutConfig, seededDropoutGradient } from './kernels/seeded-dropout.js';
import {
  softmaxCrossEntropyConfig,
  softmaxCrossEntropyGradConfig,
  softmaxCrossEntropyGradient,
} from './kernels/softmax-cross-entropy.js';
import { unsortedSegmentSumConfig } from './kernels/unsorted-segment-sum.js';

/** What the backend lacks: kernels of tfjs, then those of our own. */
const additions = [
  conv2dBackpropFilterConfig,
  logSoftmaxConfig,
  unsortedSegmentSumConfig,
  adamUpdateConfig,
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
  geluGradient,
  layerNormGradient,
  seededDropoutGradient,
  softmaxCrossEntropyGradient,
];

/** What the backend has, but slower. */
const replacements = [batchMatMulConfig];

/** Registers the gradients of tfjs-core and the kernels the wasm backend lacks; what is registered already stays. */
export function registerTraining(): void {
  for (const gradient of [...gradients, ...ownGradients]) {
    if (isMissing(getGradient(gradient.kernelName))) registerGradient(gradient);
  }
  for (const kernel of additions) {
    if (isMissing(getKernel(kernel.kernelName, kernel.backendName))) registerKernel(kernel);
  }
  for (const kernel of replacements) {
    unregisterKernel(kernel.kernelName, kernel.backendName);
    registerKernel(kernel);
  }
}

/** tfjs' types don't say that a look-up may find nothing. */
const isMissing = (found: object | undefined): boolean => found === undefined;
