import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';

/** All that training asks of a model: what to change, and scores to judge it by. */
export interface Trainable {
  /** The variables that training changes. */
  parameters(): Variable[];
  /** Variables that aren't trained but belong to what was learned, such as running means. None unless given. */
  namedBuffers?(): ReadonlyMap<string, Variable>;
  /**
   * @param tokens - `[B, T]` int32
   * @returns `[B, V]` unnormalised log-probabilities of the token that follows each row
   */
  logits(tokens: Tensor2D): Tensor2D;
}

/** Parameters and buffers of a model. */
export function variablesOf(model: Trainable): Variable[] {
  return [...model.parameters(), ...(model.namedBuffers?.().values() ?? [])];
}
