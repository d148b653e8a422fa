/** Rows of context and target, `N = length` of them with `T = contextSize` tokens each. */
export interface Dataset {
  /** N: how many rows. */
  readonly length: number;
  /** T: tokens of a context. */
  readonly contextSize: number;
  /** `[N, T]` int32, row-major. */
  readonly inputs: Int32Array;
  /** `[N]` int32: the token that follows each row. */
  readonly targets: Int32Array;
}
