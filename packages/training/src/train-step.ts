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

/** A batch as tensors: inputs `[B, T]` int32, targets `[N]` int32 and, where not all count the same, weights `[N]`. */
export type BatchTensors =
  | readonly [inputs: Tensor2D, targets: Tensor1D]
  | readonly [inputs: Tensor2D, targets: Tensor1D, weights: Tensor1D];

/** A step from a batch to its loss before the step. */
export type StepOnTensors = (...batch: BatchTensors) => Scalar;

/** The step of a model and its optimizer: the function to compile. */
export function stepOf(model: Trainable, optimizer: Optimizer): StepOnTensors {
  return (...batch) => {
    const [inputs, targets] = batch;
    const weights = batch.length === 3 ? batch[2] : undefined;
    return optimizer.step(() => crossEntropy(model.logits(inputs, 'training'), targets, weights));
  };
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
    const targets = tensor1d(batch.targets, 'int32'); // [N]
    if (batch.weights === undefined) return step(inputs, targets).dataSync()[0];
    return step(inputs, targets, tensor1d(batch.weights, 'float32')).dataSync()[0];
  });
}
