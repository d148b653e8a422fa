import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';

/** What sampling, training and measuring need to know of a model, whatever is inside it. */
export interface LanguageModel {
  /** V: the number of symbols. */
  readonly vocabSize: number;
  /** T: how many tokens the model looks back on. */
  readonly contextSize: number;
  /**
   * Scores for the token that follows each row.
   *
   * @param tokens - `[B, T]` int32, 0 … V - 1
   * @returns `[B, V]` float32, unnormalised log-probabilities
   */
  logits(tokens: Tensor2D): Tensor2D;
  /** The variables that training changes. */
  parameters(): Variable[];
}

/** The sizes of a language model, as the lecture names them. */
export interface ModelSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** T: tokens the model looks back on. */
  readonly contextSize: number;
  /** C: components of a symbol's embedding. */
  readonly dEmbed: number;
  /** H: hidden units, or channels of a convolution. */
  readonly dHidden: number;
}
