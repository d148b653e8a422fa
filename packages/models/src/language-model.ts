import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Mode } from './mode.js';
import type { TokenStream } from './token-stream.js';

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
   * @param mode - `'evaluation'` unless given; a model that does the same in training needs no such parameter
   * @returns `[B, V]` float32, unnormalised log-probabilities
   */
  logits(tokens: Tensor2D, mode?: Mode): Tensor2D;
  /** The variables that training changes. */
  parameters(): Variable[];
  /**
   * Where a model can do better than to read a whole context for each token: reads `rows` sequences from their begin,
   * token by token, with the same scores.
   */
  stream?(rows: number): TokenStream;
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
