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
   * Whether token 0 begins a text, so that what is before it makes no difference, or the model needs T tokens: a context that is
   * shorter than T is filled on its left with token 0. Default: false, it gets short contexts as they are, as a model with learned
   * positions must.
   */
  readonly padsContexts?: boolean;
  /** The variables that training changes. */
  parameters(): Variable[];
  /** Reads `rows` texts token by token, with the same scores: for models that needn't read a whole context for each token. */
  stream?(rows: number): TokenStream;
  /** How many rows a {@link stream} may have, where each keeps much; default: any number. */
  readonly streamRows?: number;
  /** Whether a {@link stream} has the parameters as they were when it was made, so that training asks for another. Default: false. */
  readonly streamCopies?: boolean;
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
  /** How many tokens of a text it can read, after which the last ones are read again for each; default: any number. */
  readonly capacity?: number;
  /**
   * Scores for the token that follows.
   *
   * @param tokens - `[B]` int32, the next token of each row
   * @param positions - `[B]` int32, the index of each in its text. At 0 a row forgets what it has read; else it continues what is there. A
   * model to which token 0 begins a text may go by the tokens instead: they are 0 at position 0
   * @returns `[B, V]`
   */
  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D;
  /**
   * Scores for what follows texts that are read in one go; without it they are read token by token.
   *
   * @param tokens - `[B, n]` int32, n up to `capacity`: a text in each row, at its end
   * @param lengths - `[B]` int32, how long each is, from 1 to n
   * @returns `[B, V]`
   */
  read?(tokens: Tensor2D, lengths: Tensor1D): Tensor2D;
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
