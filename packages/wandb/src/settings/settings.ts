import { keyInNetrc } from './netrc.js';

/** Where W&B is and who asks; what isn't given is taken from the environment. */
export interface WandbServer {
  /** `WANDB_API_KEY`, else what `~/.netrc` has for the server. */
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

/** @throws RangeError when the address is wrong; a password in it isn't shown */
export function resolveServer({ apiKey, baseUrl, timings }: WandbServer): ResolvedServer {
  const address = baseUrl ?? environment('WANDB_BASE_URL') ?? 'https://api.wandb.ai';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(
      `wandb: WANDB_BASE_URL must be an http(s) address; got '${withoutPassword(address)}'`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new RangeError(
      `wandb: WANDB_BASE_URL must be without a user and a password; got '${withoutPassword(address)}'; the key belongs into WANDB_API_KEY`,
    );
  }
  return {
    apiKey: apiKey ?? environment('WANDB_API_KEY') ?? keyInNetrc(url.hostname),
    baseUrl: address.replace(/\/+$/, ''),
    timings: { ...TIMINGS, ...timings },
  };
}

/** `http://user:secret@host` → `http://***@host`; also where it isn't an address. */
const withoutPassword = (address: string): string => address.replace(/[^/]*@/, '***@');

/** Whether a run is sent while it trains, kept to be sent later, or neither. */
export type WandbMode = 'online' | 'offline' | 'disabled';

const MODES: readonly WandbMode[] = ['online', 'offline', 'disabled'];

/** @throws RangeError for another mode */
export function resolveMode(written: string = environment('WANDB_MODE') ?? 'online'): WandbMode {
  const mode = MODES.find((known) => known === written);
  if (mode !== undefined) return mode;
  throw new RangeError(`wandb: WANDB_MODE must be online, offline or disabled; got '${written}'`);
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
  /** Before the first repetition; doubled for each further one. A server may ask for a longer wait, not for a shorter one. */
  readonly retryMs: number;
  /** How long a wait gets at most, whatever the server asks. */
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
