/** A checkpoint can't be read or doesn't fit. The message says what is wrong with the file. */
export class CheckpointError extends Error {
  /** Stands before the message. */
  override readonly name = 'CheckpointError';
}
