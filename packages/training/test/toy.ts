import { matMul, oneHot, reshape, tensor2d, tidy, variable } from '@tensorflow/tfjs-core';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { Trainable } from '../src/index.js';

/** A bigram model over V symbols that starts with these scores: `logits = W[last token]`. */
export function bigram(scores: number[][]): Trainable & { readonly weight: Variable } {
  const V = scores.length;
  const weight = tidy(() => variable(tensor2d(scores)));
  return {
    weight,
    parameters: () => [weight],
    logits(tokens) {
      const last = reshape(tokens, [tokens.shape[0]]); // [B], as T is 1
      return matMul<Tensor2D>(oneHot(last, V), weight);
    },
  };
}

/** One batch of context 1: pairs of token and target. */
export const batchOf = (...pairs: [number, number][]): Batch => ({
  size: pairs.length,
  contextSize: 1,
  inputs: Int32Array.from(pairs, ([token]) => token),
  targets: Int32Array.from(pairs, ([, target]) => target),
});

/** The same batches over and over. */
export function* forever(...batches: Batch[]): Generator<Batch, never> {
  for (;;) yield* batches;
}
