/** `B = size` rows of a data set. Its arrays are used again for the next batch: copy what should outlive a step. */
export interface Batch {
  /** B: how many rows. */
  readonly size: number;
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** `[B, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[B]` int32, what follows each row; from a `SequenceLoader` `[B, T]`, what follows each position. */
  readonly targets: Int32Array;
  /** As many float32: how much each target counts, 0 where it is padding. Unless given, each counts 1. */
  readonly weights?: Float32Array;
}
