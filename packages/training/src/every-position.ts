import { reshape, type Rank, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { Mode, Trainable, WithParameters } from './trainable.js';

/** A model that scores what follows each position of a row, not only its end; `WaveNet` of `@llm101/models` is one. */
export interface SequenceModel extends WithParameters {
  /**
   * @param tokens - `[B, T]` int32
   * @param mode - `'evaluation'` unless given
   * @returns `[B, T, V]` unnormalised log-probabilities of the token that follows each position
   */
  sequenceLogits(tokens: Tensor2D, mode?: Mode): Tensor3D;
}

/**
 * A model as `train` and `evaluate` want it for batches of whole sequences, as a `SequenceLoader` of `@llm101/data` makes
 * them: each position is an example. A row of `T` positions is one pass of the model, where its windows were `T` passes.
 */
export function everyPosition(model: SequenceModel): Trainable {
  return {
    parameters: () => model.parameters(),
    ...(model.namedParameters && {
      namedParameters: () => model.namedParameters?.() ?? new Map(),
    }),
    namedBuffers: () => model.namedBuffers?.() ?? new Map(),
    logits(tokens, mode) {
      const scores = model.sequenceLogits(tokens, mode); // [B, T, V]
      const [B, T, V] = scores.shape;
      return reshape<Rank.R2>(scores, [B * T, V]); // [B T, V]
    },
  };
}
