import type { SystemMetrics } from './facts/system-metrics.js';
import type { ConsoleStream } from './facts/printed-lines.js';
import { toJson } from './json.js';
import type { TransactionLog } from './offline/transaction-log.js';
import type { BackgroundSender } from './server/background-sender.js';
import { keepArtifact, type ArtifactOptions } from './spool/artifact-record.js';
import { artifactCount } from './spool/artifact-record.js';
import type { HistoryRow, RunConfig } from './spool/run-record.js';
import type { Spool } from './spool/spool.js';
import { WandbTable, writeTable } from './values/table.js';

/** Where a row of {@link WandbRun.log} goes. */
export interface LogOptions {
  /** What is logged at one step becomes one row. Default: each call makes a row of its own. */
  readonly step?: number;
}

/** What a run is made of. */
export interface RunParts {
  readonly spool: Spool;
  /** Where it is sent while it goes on. */
  readonly sender: BackgroundSender | undefined;
  /** Where it is kept for W&B's own client. */
  readonly log: TransactionLog | undefined;
  /** How long `finish` waits where there are artifacts to send. */
  readonly uploadMs: number;
}

/** What `wandb.init` returns. */
export class WandbRun {
  readonly #parts: RunParts;
  readonly #startMs: number;
  readonly #atEnd: (() => void)[] = [];
  #row: HistoryRow = {};
  #step = 0;
  #hasEnded = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#startMs = Date.parse(parts.spool.record.startedAt);
  }

  /** Unique in its project; part of its address. */
  get id(): string {
    return this.#spool.record.id;
  }

  /** Where the run is kept. */
  get folder(): string {
    return this.#spool.folder;
  }

  /** Of a run that is offline, the folder that `wandb sync` of W&B's own client sends. */
  get offlineFolder(): string | undefined {
    return this.#parts.log?.folder;
  }

  /** The run's settings; `updateConfig` adds to it. */
  get config(): RunConfig {
    return this.#spool.record.config;
  }

  /** What was set in the summary, beside the last value of each name that was logged. */
  get summary(): RunConfig {
    return this.#spool.summary;
  }

  /** `wandb.config.update(values)`. */
  updateConfig(values: RunConfig): void {
    this.#spool.setRecord({ config: { ...this.config, ...values } });
    this.#parts.log?.config(values);
  }

  /** `wandb.summary.update(values)`: results of the whole run. They stand before the last values that were logged. */
  updateSummary(values: RunConfig): void {
    this.#spool.setSummary(values);
    this.#parts.log?.summary(values);
  }

  /**
   * `wandb.log(values, step)`.
   *
   * @throws RangeError when the step isn't a whole number, or lies before that of an earlier call
   * @throws Error after `finish`, or when the folder can't be written
   */
  log(values: HistoryRow, { step }: LogOptions = {}): void {
    if (this.#hasEnded)
      throw new Error('wandb.log: the run must not have ended; call it before finish()');
    const next = step ?? this.#step;
    if (!Number.isSafeInteger(next) || next < this.#step) {
      throw new RangeError(
        `wandb.log: step must be a whole number of at least ${this.#step}, that of the last call; got ${next}`,
      );
    }
    if (next > this.#step) this.commit();
    this.#step = next;
    this.#row = { ...this.#row, ...values };
    if (step === undefined) {
      if (this.#spool.record.countsSteps !== true) this.#spool.setRecord({ countsSteps: true });
      this.commit();
      this.#step++;
    }
  }

  /**
   * `wandb.log_artifact(…)`: keeps a copy of the files, and sends it as a version of the artifact.
   *
   * @throws RangeError when a name is wrong
   * @throws Error after `finish`, or when a file can't be read or its copy not written
   */
  logArtifact(artifact: ArtifactOptions): void {
    if (this.#hasEnded)
      throw new Error('wandb.logArtifact: the run must not have ended; call it before finish()');
    if (this.folder === '') return; // disabled
    const number = artifactCount(this.folder);
    const kept = keepArtifact(this.folder, this.#step, artifact);
    this.#parts.log?.artifact(this.#spool.record, kept, number);
  }

  /** Keeps a file of the run, such as `wandb-metadata.json`, under that name. */
  addFile(name: string, content: string | Uint8Array): void {
    this.#spool.addFile(name, content);
    this.#parts.log?.addFile(name, content);
  }

  /** `wandb.finish(exit_code)`: keeps the last row, and sends what is left if the server can be reached. */
  async finish(exitCode = 0): Promise<void> {
    if (this.#hasEnded) return;
    for (const work of this.#atEnd) work();
    this.commit();
    this.#hasEnded = true;
    this.#parts.log?.end(exitCode, this.#runtime(Date.now()));
    this.#spool.end(exitCode);
    const { sender, uploadMs } = this.#parts;
    const hasArtifacts =
      this.folder !== '' && artifactCount(this.folder) > this.#spool.state.artifacts;
    await sender?.finish(hasArtifacts ? uploadMs : undefined);
  }

  /** Writes the row of the last step; a later `log` of the same step begins another. */
  commit(): void {
    if (Object.keys(this.#row).length === 0) return;
    const values = Object.entries(this.#row).map(([name, value]) => [
      name,
      value instanceof WandbTable ? this.#writeTable(name, value) : value,
    ]);
    this.#row = {};
    const nowMs = Date.now();
    const times = { _runtime: this.#runtime(nowMs), _timestamp: nowMs / 1000 };
    const row = { _step: this.#step, ...times, ...(Object.fromEntries(values) as HistoryRow) };
    this.#spool.append('history', toJson(row));
    this.#parts.log?.history(row);
  }

  /** Adds what is to be done before the end is written. */
  atEnd(work: () => void): void {
    this.#atEnd.push(work);
  }

  /** Adds figures of the machine. */
  addStats(figures: SystemMetrics): void {
    const nowMs = Date.now();
    const named = Object.entries(figures).map(([name, value]) => [`system.${name}`, value]);
    const times = { _wandb: true, _timestamp: nowMs / 1000, _runtime: this.#runtime(nowMs) };
    this.#spool.append('events', toJson({ ...times, ...Object.fromEntries(named) }));
    this.#parts.log?.stats(figures, nowMs);
  }

  /** Adds a line that was printed. */
  addOutput(line: string, stream: ConsoleStream): void {
    const nowMs = Date.now();
    const time = new Date(nowMs).toISOString().slice(0, -1);
    this.#spool.append('output', `${stream === 'stderr' ? 'ERROR ' : ''}${time}000 ${line}`);
    this.#parts.log?.output(line, stream, nowMs);
  }

  #writeTable(name: string, table: WandbTable): object {
    const { file, content } = writeTable(name, this.#step, table);
    this.addFile(file.path, content);
    return file;
  }

  #runtime(nowMs: number): number {
    return (nowMs - this.#startMs) / 1000;
  }

  get #spool(): Spool {
    return this.#parts.spool;
  }
}
