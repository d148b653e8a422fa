/** What a batch of `SequenceLoader` is. */
export type SequenceLayout =
  /** So many lines, a row each, as wide as the longest of them; the rest of a row is padding. */
  | { readonly batchSize: number }
  /**
   * One row of so many positions, filled with as many lines, one after the other, as it can hold. Hardly any of it is
   * padding, but it is for models that begin anew at the padding token, as `WaveNet` of `@llm101/models`.
   */
  | { readonly packedSize: number };
