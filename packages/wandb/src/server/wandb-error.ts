/** A request that W&B didn't do. */
export class WandbError extends Error {
  override readonly name = 'WandbError';
  /** Whether the same request may succeed later. */
  readonly isPassing: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { isPassing: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.isPassing = options.isPassing;
    this.retryAfterMs = options.retryAfterMs;
  }
}
