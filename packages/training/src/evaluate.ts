import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { bitsFromNats, perplexity } from '@llm101/info-theory';
import { breather } from './breather.js';
import { correctCount } from './correct-count.js';
import { crossEntropy } from './cross-entropy.js';
import { RunningMean } from './running-mean.js';
import type { Trainable } from './trainable.js';

/** How well a model predicts a data set. */
export interface Evaluation {
  /** Windows that were judged. */
  readonly examples: number;
  /** Mean cross-entropy over all windows, in nats. */
  readonly loss: number;
  /** Share of windows whose likeliest next token is the right one, 0 … 1. */
  readonly accuracy: number;
  /** `exp(loss)`. */
  readonly perplexity: number;
  /** `loss / ln 2`. */
  readonly bitsPerCharacter: number;
}

/**
 * Measures a model on one pass of batches. Each window weighs the same, so the size of the batches and a smaller last
 * one make no difference.
 *
 * @throws RangeError when there are no batches, or the loss is NaN
 */
export async function evaluate(model: Trainable, batches: Iterable<Batch>): Promise<Evaluation> {
  const breathe = breather();
  const loss = new RunningMean();
  let examples = 0;
  let correct = 0;
  for (const batch of batches) {
    const judged = judge(model, batch);
    loss.add(judged.loss, batch.size);
    examples += batch.size;
    correct += judged.correct;
    await breathe();
  }
  if (examples === 0) {
    throw new RangeError('evaluate: there must be at least one batch; got none, check the loader');
  }
  if (Number.isNaN(loss.value)) {
    throw new RangeError(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
  return {
    examples,
    loss: loss.value,
    accuracy: correct / examples,
    perplexity: perplexity(loss.value),
    bitsPerCharacter: bitsFromNats(loss.value),
  };
}

function judge(model: Trainable, batch: Batch): { loss: number; correct: number } {
  return tidy(() => {
    const logits = model.logits(tensor2d(batch.inputs, [batch.size, batch.contextSize], 'int32'));
    const loss = crossEntropy(logits, tensor1d(batch.targets, 'int32'));
    return { loss: loss.dataSync()[0], correct: correctCount(logits.dataSync(), batch.targets) };
  });
}
