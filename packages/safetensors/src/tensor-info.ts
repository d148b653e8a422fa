import type { Dtype } from './dtypes.js';

/** What the header says of one tensor. */
export interface TensorInfo {
  /** The type of its elements. */
  readonly dtype: Dtype;
  /** Its sizes; none for a scalar. */
  readonly shape: readonly number[];
  /** First byte, counted from the file's start. */
  readonly begin: number;
  /** One past the last byte, counted from the file's start. */
  readonly end: number;
}
