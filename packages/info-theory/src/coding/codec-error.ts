/** The bytes to decode aren't a whole and unaltered result of the encoder, or were made with another model. */
export class CodecError extends Error {
  /** Stands before the message. */
  override readonly name = 'CodecError';
}
