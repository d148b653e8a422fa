import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A model that reads one token after the other and keeps what it needs of those before; see `LanguageModel.stream`. */
export interface TokenStream {
  /**
   * Scores for the token that follows. Token 0 must be the first, as it begins a name; it may come again in
   * any row, which then forgets what it has read.
   *
   * @param tokens - `[B]` int32, the next token of each row
   * @returns `[B, V]`
   */
  next(tokens: Tensor1D): Tensor2D;
  /** Frees what it keeps. */
  dispose(): void;
}
