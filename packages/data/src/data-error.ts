/**
 * Something is wrong with the data itself, not with the call: a missing file, a failed download, a character
 * outside the alphabet. The message is one line and says what to do; a program can print it as it is.
 */
export class DataError extends Error {
  /** Stands before the message. */
  override readonly name = 'DataError';
}
