/** How patient a run is with its server, in milliseconds. */
export interface WandbTimings {
  /** From one sending to the next; W&B's own client has 15 seconds. */
  readonly flushMs: number;
  /** After which an idle run says that it is alive. The server takes it for crashed after some minutes. */
  readonly heartbeatMs: number;
  /** After which a request counts as failed. */
  readonly timeoutMs: number;
  /** Before the first repetition; doubled for each further one. */
  readonly retryMs: number;
  /** How long a wait gets at most. */
  readonly longestRetryMs: number;
  /** How long `finish` tries to send what is left. */
  readonly finishMs: number;
}

export const TIMINGS: WandbTimings = {
  flushMs: 5000,
  heartbeatMs: 30_000,
  timeoutMs: 20_000,
  retryMs: 1000,
  longestRetryMs: 60_000,
  finishMs: 15_000,
};
