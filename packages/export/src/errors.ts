/** A model that a format can't express, or a file that can't be read as a model. The message is one line and says why. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
