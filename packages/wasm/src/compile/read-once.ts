import { dispose } from '@tensorflow/tfjs-core';
import type { NumericArray } from '../kernels/tensor-type.js';
import { flatten, type StepOutput } from './record/trace.js';

/** The values of what a step returned that was run as it is; its tensors are freed. */
export function readOnce(output: StepOutput): NumericArray[] {
  const tensors = flatten(output);
  const values = tensors.map((tensor) => tensor.dataSync());
  dispose(tensors);
  return values;
}
