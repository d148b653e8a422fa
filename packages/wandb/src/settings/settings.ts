import { keyInNetrc } from './netrc.js';
import { environment, setting, userSetting } from './sources.js';
import { TIMINGS, type WandbTimings } from './timings.js';

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
  const address = baseUrl ?? userSetting('base_url') ?? 'https://api.wandb.ai';
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

/** By what they are called; `dryrun` and `run` are W&B's older names. */
const MODES: ReadonlyMap<string, WandbMode> = new Map([
  ['online', 'online'],
  ['run', 'online'],
  ['offline', 'offline'],
  ['dryrun', 'offline'],
  ['disabled', 'disabled'],
]);

/** @throws RangeError for another mode */
export function resolveMode(written: string = setting('mode') ?? 'online'): WandbMode {
  const mode = MODES.get(written);
  if (mode !== undefined) return mode;
  throw new RangeError(
    `wandb: WANDB_MODE must be online, offline, dryrun or disabled; got '${written}'`,
  );
}
