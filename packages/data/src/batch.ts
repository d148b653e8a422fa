/** `B = size` rows of a data set. Its arrays are used again for the next batch: copy what should outlive a step. */
export interface Batch {
  readonly size: number;
  readonly contextSize: number;
  /** `[B, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[B]` int32. */
  readonly targets: Int32Array;
}
