import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { checkBatch, checkScores } from '../checks.js';
import { withBackendHint } from '../backend-hint.js';
import type { Compiled, Feeds } from './compile.js';
import { crossEntropy, partOfCrossEntropy } from './cross-entropy.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Trainable } from './trainable.js';

/** A batch as tensors: inputs `[B, T]` int32, targets `[N]` int32 and, where not all count the same, weights `[N]`. */
export type BatchTensors =
  | readonly [inputs: Tensor2D, targets: Tensor1D]
  | readonly [inputs: Tensor2D, targets: Tensor1D, weights: Tensor1D];

/** A step from a batch to its loss before the step. */
export type StepOnTensors = (...batch: BatchTensors) => Scalar;

/** The step of a model and its optimizer: the function to compile. */
export function stepOf(model: Trainable, optimizer: Pick<Optimizer, 'step'>): StepOnTensors {
  return (...batch) => withBackendHint(() => optimizer.step(() => lossOf(model, batch)));
}

/**
 * The loss that a step lowers, in nats.
 *
 * @param total - what the losses of the whole batch are divided by, where this is a piece of it. Default: a whole batch
 * @throws RangeError unless the model scores a row for each target
 */
export function lossOf(
  model: Pick<Trainable, 'logits'>,
  batch: BatchTensors,
  total?: Scalar,
): Scalar {
  const [inputs, targets, weights] = batch;
  const logits = model.logits(inputs, 'training'); // [N, V]
  checkScores('train', logits.shape, targets.shape[0]);
  if (total === undefined) return crossEntropy(logits, targets, weights);
  return partOfCrossEntropy(total, logits, targets, weights);
}

/**
 * Runs a function of a batch's tensors, compiled or by `interpret` as it is, such as {@link stepOf}: `[0]` of its values is
 * the batch's loss before the step, in nats.
 *
 * @returns the values of what it returns, row-major
 * @throws RangeError when the batch's arrays don't fit each other
 */
export function runOnBatch(
  compiled: Pick<Compiled<BatchTensors, Tensor>, 'read'>,
  batch: Batch,
): ArrayLike<number> {
  checkBatch('train', batch);
  return compiled.read(...feedsOf(batch)); // bounded: a batch's three arrays
}

/**
 * The same for a function that answers later, which throws nothing at once.
 *
 * @param readLater - of the function
 */
export async function runOnBatchLater(
  readLater: NonNullable<Compiled<BatchTensors, Tensor>['readLater']>,
  batch: Batch,
): Promise<ArrayLike<number>> {
  checkBatch('train', batch);
  return readLater(...feedsOf(batch)); // bounded: a batch's three arrays
}

/** A batch's arrays as arguments of a function of its tensors. */
export function feedsOf(batch: Batch): Feeds<BatchTensors> {
  const { inputs, targets, weights, size: B, contextSize: T } = batch;
  const tokens = { values: inputs, shape: [B, T] };
  const nextTokens = { values: targets, shape: [targets.length] };
  if (weights === undefined) return [tokens, nextTokens];
  return [tokens, nextTokens, { values: weights, shape: [weights.length] }];
}
