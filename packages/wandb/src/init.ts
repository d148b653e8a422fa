import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { printable } from './printable.js';
import { BackgroundSender, Sender } from './server/sender.js';
import { WandbApi } from './server/wandb-api.js';
import type { RunConfig, RunRecord } from './spool/run-record.js';
import { Spool } from './spool/spool.js';
import { WandbRun } from './run.js';
import { environment, resolveMode, resolveServer } from './settings/settings.js';
import type { WandbMode, WandbServer } from './settings/settings.js';

/** Settings of {@link init}. What isn't given is taken from the environment, under W&B's own names. */
export interface InitOptions extends WandbServer {
  /** The step after which a run that is in `folder` resumes: rows of later steps are dropped. Default: it begins anew. */
  readonly resumedAt?: number;
  /** `WANDB_PROJECT`, else `uncategorized`, as at W&B. */
  readonly project?: string;
  /** A user or team: `WANDB_ENTITY`, else the key's own. */
  readonly entity?: string;
  /** `WANDB_NAME`, else one that W&B makes up. */
  readonly name?: string;
  /** The run's settings. */
  readonly config?: RunConfig;
  /** Where the run is kept; Default: `wandb/run-ID`. */
  readonly folder?: string;
  /** `WANDB_MODE`, else `online`; a run that is `disabled` is neither kept nor sent. */
  readonly mode?: WandbMode;
  /** Called with a line about what people should know, such as a server that can't be reached. Default: to stderr. */
  readonly onMessage?: (message: string) => void;
}

/**
 * `wandb.init(project, config)`: begins a run, which is kept in a folder and sent from there while it trains. It doesn't
 * wait for the server: a run without network or key is kept, and can be sent later by `syncRun`.
 *
 * @throws RangeError when the mode or the address is wrong
 * @throws Error when the folder can't be written
 */
export function init(options: InitOptions = {}): WandbRun {
  const { onMessage = (message) => process.stderr.write(`${printable(message)}\n`) } = options;
  const mode = resolveMode(options.mode);
  if (mode === 'disabled') return new WandbRun(Spool.disabled(newRecord(options)), undefined);
  if (mode === 'offline') return new WandbRun(openSpool(options), undefined);
  const { apiKey, baseUrl, timings } = resolveServer(options);
  const spool = openSpool(options);
  if (apiKey === undefined) {
    onMessage(
      `W&B: WANDB_API_KEY must be set for a run to be sent; it is kept in ${spool.folder}, llm101 wandb sync ${spool.folder} sends it`,
    );
    return new WandbRun(spool, undefined);
  }
  const sender = new Sender(spool, new WandbApi({ baseUrl, apiKey, timeoutMs: timings.timeoutMs }));
  return new WandbRun(spool, new BackgroundSender({ spool, sender, timings, onMessage }));
}

function openSpool({ folder, resumedAt, ...options }: InitOptions): Spool {
  if (folder !== undefined && resumedAt !== undefined && existsSync(join(folder, 'run.json'))) {
    return Spool.resume(folder, resumedAt);
  }
  const record = newRecord(options);
  return Spool.create(folder ?? join('wandb', `run-${record.id}`), record);
}

function newRecord(options: InitOptions): RunRecord {
  const entity = options.entity ?? environment('WANDB_ENTITY');
  const name = options.name ?? environment('WANDB_NAME');
  return {
    id: newId(),
    project: options.project ?? environment('WANDB_PROJECT') ?? 'uncategorized',
    ...(entity !== undefined && { entity }),
    ...(name !== undefined && { name }),
    config: options.config ?? {},
    startedAt: new Date().toISOString(),
    host: hostname(),
    program: process.argv[1] ?? 'node',
  };
}

/** Eight of 36 letters and digits, as W&B's own. They have no part in a run's randomness. */
function newId(): string {
  return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('');
}
