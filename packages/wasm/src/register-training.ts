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
import { unsortedSegmentSumConfig } from './kernels/unsorted-segment-sum.js';

/** What the backend lacks. */
const additions = [conv2dBackpropFilterConfig, unsortedSegmentSumConfig];

/** What the backend has, but slower. */
const replacements = [batchMatMulConfig];

/** Registers the gradients of tfjs-core and the kernels the wasm backend lacks; what is registered already stays. */
export function registerTraining(): void {
  for (const gradient of gradients) {
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
