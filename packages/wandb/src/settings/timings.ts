/** How patient a run is with its server, in milliseconds. */
export interface WandbTimings {
  /** From one sending to the next; W&B's own client has 15 seconds. */
  readonly flushMs: number;
  /** After which an idle run says that it is alive. The server takes it for crashed after some minutes. */
  readonly heartbeatMs: number;
  /** After which a request counts as failed. */
  readonly timeoutMs: number;
  /** After which the sending of a file counts as failed. */
  readonly uploadMs: number;
  /** From one look at the machine to the next; W&B's own client has 15 seconds. */
  readonly statsMs: number;
  /** Before the first repetition; doubled for each further one. A server may ask for a longer wait, not for a shorter one. */
  readonly retryMs: number;
  /** How long a wait gets at most, whatever the server asks. */
  readonly longestRetryMs: number;
  /** How long `finish` tries to send what is left; with artifacts it is `uploadMs`. */
  readonly finishMs: number;
}

/** What isn't given. */
export const TIMINGS: WandbTimings = {
  flushMs: 5000,
  heartbeatMs: 30_000,
  timeoutMs: 20_000,
  uploadMs: 600_000,
  statsMs: 15_000,
  retryMs: 1000,
  longestRetryMs: 60_000,
  finishMs: 15_000,
};

/**
 * How long to wait before a request is repeated: longer from time to time, and as long as the server asks, within limits.
 *
 * @param failures - in a row, before this one
 * @returns milliseconds
 */
export function waitMs(
  { retryMs, longestRetryMs }: WandbTimings,
  failures: number,
  asked: number | undefined,
): number {
  const own = retryMs * 2 ** Math.min(failures, 30);
  return Math.min(Math.max(own, asked ?? 0), longestRetryMs);
}
