import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { captureConsole } from './facts/printed-lines.js';
import { SystemSampler } from './facts/system-metrics.js';
import { toJson } from './json.js';
import { TransactionLog } from './offline/transaction-log.js';
import { printable } from './printable.js';
import { WandbRun } from './run.js';
import { newRecord, resumeFile, type RunOptions } from './run-options.js';
import { BackgroundSender, type OnMessage } from './server/background-sender.js';
import { Sender } from './server/sender.js';
import { WandbApi } from './server/wandb-api.js';
import { resolveMode, resolveServer } from './settings/settings.js';
import type { WandbMode, WandbServer } from './settings/settings.js';
import { environment } from './settings/sources.js';
import { TIMINGS } from './settings/timings.js';
import { replaceFile } from './spool/files.js';
import type { RunRecord } from './spool/run-record.js';
import { Spool } from './spool/spool.js';

/** Settings of {@link init}. What isn't given is taken from the environment, under W&B's own names. */
export interface InitOptions extends RunOptions, WandbServer {
  /** Where the run is kept. Default: `wandb/run-DATE_TIME-ID` or `wandb/offline-run-DATE_TIME-ID`, below `WANDB_DIR`. */
  readonly folder?: string;
  /** The step after which a run that is in `folder` resumes: rows of later steps are dropped. Default: it begins anew. */
  readonly resumedAt?: number;
  /** `WANDB_MODE`, else `online`; a run that is `disabled` is neither kept nor sent. */
  readonly mode?: WandbMode;
  /** Whether what the process prints is a part of the run. Default: where `WANDB_CONSOLE` is set, and not to `off`. */
  readonly console?: boolean;
  /** Whether figures of the machine and the process are a part of the run, every 15 seconds. Default: true. */
  readonly systemMetrics?: boolean;
  /**
   * Called with a line about what people should know, such as a server that can't be reached. Default: to stderr, without those of
   * kind `info` where `WANDB_QUIET` is set, and without any where `WANDB_SILENT` is.
   */
  readonly onMessage?: OnMessage;
  /** What sends a folder later, for messages. Default: `syncRun`. */
  readonly syncCommand?: string;
}

/**
 * `wandb.init(project, config)`: begins a run, which is kept in a folder and sent from there while it trains. It doesn't
 * wait for the server: a run without network or key is kept, and can be sent later by `syncRun`.
 *
 * @throws RangeError when the mode, the address, the id or the way to resume is wrong
 * @throws Error when the folder can't be written
 */
export function init(options: InitOptions = {}): WandbRun {
  const { onMessage = printMessage } = options;
  const mode = resolveMode(options.mode);
  const { uploadMs, statsMs } = { ...TIMINGS, ...options.timings };
  if (mode === 'disabled') {
    const spool = Spool.disabled(newRecord(options));
    return new WandbRun({ spool, sender: undefined, log: undefined, uploadMs });
  }
  const server = mode === 'online' ? resolveServer(options) : undefined;
  const spool = openSpool(options, mode);
  const log = mode === 'offline' ? beginLog(options, spool) : undefined;
  const sender = server && beginSending(server, spool, options);
  const run = new WandbRun({ spool, sender, log, uploadMs });
  if (spool.record.metadata) {
    run.addFile('wandb-metadata.json', `${toJson(spool.record.metadata, 2)}\n`);
  }
  if (options.systemMetrics ?? true) sampleSystem(run, statsMs, onMessage);
  const written = environment('WANDB_CONSOLE');
  if (options.console ?? (written !== undefined && written !== 'off')) {
    run.atEnd(captureConsole((line, stream) => run.addOutput(line, stream)));
  }
  if (options.resume === 'auto' || environment('WANDB_RESUME') === 'auto') rememberRun(run);
  return run;
}

function openSpool(options: InitOptions, mode: WandbMode): Spool {
  const { folder, resumedAt } = options;
  if (folder !== undefined && resumedAt !== undefined && existsSync(join(folder, 'run.json'))) {
    const spool = Spool.resume(folder, resumedAt);
    const { metadata, git } = newRecord(options);
    spool.setRecord({ ...(metadata && { metadata }), ...(git && { git }) }); // of this machine
    return spool;
  }
  const record = newRecord(options);
  const place = join(environment('WANDB_DIR') ?? '.', 'wandb', folderName(record, mode));
  return Spool.create(folder ?? place, record);
}

/** As W&B names it: `offline-run-20261231_235959-ID`. */
function folderName({ id, startedAt }: RunRecord, mode: WandbMode): string {
  const [date, time] = startedAt.replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${mode === 'offline' ? 'offline-' : ''}run-${date}_${time}-${id}`;
}

/** In the run's own folder where it has W&B's name for it, else in one of that name within it. */
function beginLog({ folder }: InitOptions, spool: Spool): TransactionLog {
  const name = folderName(spool.record, 'offline');
  if (folder === undefined || basename(folder) === name)
    return TransactionLog.begin(spool.folder, spool);
  const place = join(folder, name);
  rmSync(place, { recursive: true, force: true }); // of the run before it was resumed
  return TransactionLog.begin(place, spool);
}

function beginSending(
  { apiKey, baseUrl, timings }: ReturnType<typeof resolveServer>,
  spool: Spool,
  { onMessage = printMessage, syncCommand = 'syncRun' }: InitOptions,
): BackgroundSender | undefined {
  const remedy = `${syncCommand} ${spool.folder}`;
  if (apiKey === undefined) {
    onMessage(
      `W&B: WANDB_API_KEY must be set for a run to be sent; it is kept in ${spool.folder}, ${remedy} sends it`,
      'problem',
    );
    return undefined;
  }
  const { timeoutMs, uploadMs } = timings;
  const api = new WandbApi({ baseUrl, apiKey, timeoutMs, uploadMs });
  const sender = new Sender(spool, api, (message) => onMessage(message, 'problem'));
  return new BackgroundSender({ spool, sender, timings, onMessage, remedy });
}

/** Takes the machine's figures now and then, and at the end. A full disk ends that, and not the run. */
function sampleSystem(run: WandbRun, everyMs: number, onMessage: OnMessage): void {
  const sampler = new SystemSampler();
  const sample = (): void => {
    try {
      run.addStats(sampler.sample());
    } catch (error) {
      clearInterval(timer);
      const reason = error instanceof Error ? error.message : String(error);
      onMessage(`W&B: figures of the machine are left out from now on: ${reason}`, 'problem');
    }
  };
  const timer = setInterval(sample, everyMs);
  timer.unref();
  run.atEnd(() => {
    clearInterval(timer);
    sample();
  });
}

/** Until it ends, `resume: 'auto'` continues it. */
function rememberRun(run: WandbRun): void {
  const path = resumeFile();
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, toJson({ run_id: run.id }));
  run.atEnd(() => rmSync(path, { force: true }));
}

/** The default of `onMessage`. */
function printMessage(message: string, kind: 'info' | 'problem'): void {
  if (isOn('WANDB_SILENT') || (kind === 'info' && isOn('WANDB_QUIET'))) return;
  process.stderr.write(`${printable(message)}\n`);
}

const isOn = (name: string): boolean => /^(?:true|1|yes|on)$/i.test(environment(name) ?? '');
