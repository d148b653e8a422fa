import type { Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';

/** What sampling, training and evaluation need of a model. */
export interface LanguageModel {
  /** V: the number of symbols. */
  readonly vocabSize: number;
  /** T: how many tokens the model sees. */
  readonly contextSize: number;
  /**
   * Scores for the token that follows each row.
   *
   * @param tokens - `[B, T]` int32, 0 … V - 1
   * @param mode - default: `'evaluation'`; a model that does the same in training needs no such parameter
   * @returns `[B, V]` float32, unnormalised log-probabilities
   */
  logits(tokens: Tensor2D, mode?: Mode): Tensor2D;
  /**
   * Whether a context shorter than T is filled on its left with token 0: for a model that needs T tokens, or to which token 0
   * begins a sequence, so that what is before it makes no difference. Default: false, it gets short contexts as they are, as a
   * model with learned positions must.
   */
  readonly padsContexts?: boolean;
  /** The variables that training changes. */
  parameters(): Variable[];
  /**
   * Reads `rows` sequences from their beginning, token by token, with the same scores: for models that needn't read a
   * whole context for each token. To such a model token 0 begins a sequence.
   */
  stream?(rows: number): TokenStream;
}

/** The sizes of a language model, as the lecture names them. */
export interface ModelSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** T: tokens that the model sees. */
  readonly contextSize: number;
  /** C: components of a symbol's embedding. */
  readonly dEmbed: number;
  /** H: hidden units, or channels of a convolution. */
  readonly dHidden: number;
}

/** A model that reads one token after the other and keeps what it needs of the past; see `LanguageModel.stream`. */
export interface TokenStream {
  /**
   * Scores for the token that follows. Token 0 must be the first, as it begins a sequence; it may come
   * again in any row, which then forgets what it has read.
   *
   * @param tokens - `[B]` int32, the next token of each row
   * @returns `[B, V]`
   */
  next(tokens: Tensor1D): Tensor2D;
  /** Frees what it keeps. */
  dispose(): void;
}

/**
 * What a forward pass is for. Dropout leaves values out, and batch normalisation updates its statistics, in `'training'` only.
 *
 * It is an argument, not a state of the model (`model.train()` in PyTorch): a compiled step records one mode and keeps
 * it, so a later change of state would be ignored silently. Two modes are two functions, each compiled.
 */
export type Mode = 'training' | 'evaluation';
