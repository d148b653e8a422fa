/** The bytes given to `readSafetensors` or `readHeader` aren't a whole and well-formed safetensors file. */
export class SafetensorsError extends Error {
  /** Stands before the message. */
  override readonly name = 'SafetensorsError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`safetensors: ${problem}`, options);
  }
}
