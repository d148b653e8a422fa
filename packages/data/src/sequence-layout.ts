/** What a batch of `SequenceLoader` is. */
export type SequenceLayout =
  /** So many lines, a row each, as wide as the longest of them; the rest of a row is padding. */
  | { readonly batchSize: number }
  /**
   * So many rows, one unless given, of so many positions each, filled with as many lines, one after the other, as they can
   * hold. Hardly any of them is padding, and all batches have one shape, but they are for models that begin anew at the
   * padding token, as `WaveNet` of `@llm101/models`. The cost of attention grows with the square of a row: there many short
   * rows are better than a long one.
   */
  | { readonly packedSize: number; readonly rows?: number };
