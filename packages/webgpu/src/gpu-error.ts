/** A GPU can't be had, lacks something, or is gone. The message is for people: what, why, and what to do. */
export class GpuError extends Error {
  override readonly name = 'GpuError';
  /** What is wrong, without where and what to do: for those who say that in words of their own. */
  readonly reason: string;

  constructor(message: string, { reason = message, ...options }: GpuErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}

/** What a {@link GpuError} has besides its message. */
export interface GpuErrorOptions extends ErrorOptions {
  /** Default: the message. */
  readonly reason?: string;
}
