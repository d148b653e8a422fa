import {
  tensor1d,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { crossEntropy } from './cross-entropy.js';
import type { Optimizer } from './optimizer.js';
import type { Trainable } from './trainable.js';

/** A step on tensors: inputs `[B, T]` int32 and targets `[B]` int32 to the loss before the step. */
export type StepOnTensors = (inputs: Tensor2D, targets: Tensor1D) => Scalar;

/** The step of a model and its optimizer: the function to compile. */
export function stepOf(model: Trainable, optimizer: Optimizer): StepOnTensors {
  return (inputs, targets) => optimizer.step(() => crossEntropy(model.logits(inputs), targets));
}

/**
 * One step on one batch.
 *
 * @param step - by {@link stepOf}, compiled or not
 * @returns the batch's loss before the step, in nats
 */
export function trainStep(step: StepOnTensors, batch: Batch): number {
  return tidy(() => {
    const inputs = tensor2d(batch.inputs, [batch.size, batch.contextSize], 'int32'); // [B, T]
    const targets = tensor1d(batch.targets, 'int32'); // [B]
    return step(inputs, targets).dataSync()[0];
  });
}
