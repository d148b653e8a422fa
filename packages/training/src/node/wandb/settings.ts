/** Where W&B is and who asks; what isn't given is taken from the environment. */
export interface WandbServer {
  /** `WANDB_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** `WANDB_BASE_URL`, else `https://api.wandb.ai`. */
  readonly baseUrl?: string;
  /** How often and how long; each that isn't given is as in `WandbTimings`. */
  readonly timings?: Partial<WandbTimings>;
}

/** A {@link WandbServer} with the environment counted in. */
export interface ResolvedServer {
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  /** How often and how long. */
  readonly timings: WandbTimings;
}

export function resolveServer({ apiKey, baseUrl, timings }: WandbServer): ResolvedServer {
  const url = baseUrl ?? environment('WANDB_BASE_URL') ?? 'https://api.wandb.ai';
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new RangeError(`wandb: WANDB_BASE_URL must be an http(s) address; got '${url}'`);
  }
  return {
    apiKey: apiKey ?? environment('WANDB_API_KEY'),
    baseUrl: url.replace(/\/+$/, ''),
    timings: { ...TIMINGS, ...timings },
  };
}

/** Whether a run is sent while it trains, or kept to be sent later. */
export type WandbMode = 'online' | 'offline';

/** @throws RangeError for another mode */
export function resolveMode(mode = environment('WANDB_MODE')): WandbMode {
  if (mode === undefined || mode === 'online' || mode === 'offline') return mode ?? 'online';
  throw new RangeError(`wandb: WANDB_MODE must be online or offline; got '${mode}'`);
}

/** A variable that is set to something. */
export function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

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

const TIMINGS: WandbTimings = {
  flushMs: 5000,
  heartbeatMs: 30_000,
  timeoutMs: 20_000,
  retryMs: 1000,
  longestRetryMs: 60_000,
  finishMs: 15_000,
};
