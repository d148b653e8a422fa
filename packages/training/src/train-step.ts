import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { crossEntropy } from './cross-entropy.js';
import type { Optimizer } from './optimizer.js';
import type { Trainable } from './trainable.js';

/**
 * One step of the optimizer on one batch.
 *
 * @returns the batch's loss before the step, in nats
 */
export function trainStep(model: Trainable, optimizer: Optimizer, batch: Batch): number {
  return tidy(() => {
    const inputs = tensor2d(batch.inputs, [batch.size, batch.contextSize], 'int32'); // [B, T]
    const targets = tensor1d(batch.targets, 'int32'); // [B]
    const loss = optimizer.step(() => crossEntropy(model.logits(inputs), targets));
    return loss.dataSync()[0];
  });
}
