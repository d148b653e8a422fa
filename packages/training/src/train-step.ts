import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { Compiled } from './compile.js';
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
 * @param step - {@link stepOf}, compiled, or by `interpret` as it is
 * @returns the batch's loss before the step, in nats
 */
export function trainStep(
  step: Pick<Compiled<[Tensor2D, Tensor1D], Scalar>, 'read'>,
  { inputs, targets, size: B, contextSize: T }: Batch,
): number {
  return step.read({ values: inputs, shape: [B, T] }, { values: targets, shape: [B] })[0];
}
