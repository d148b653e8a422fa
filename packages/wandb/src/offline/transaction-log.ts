import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { SystemMetrics } from '../facts/system-metrics.js';
import { isRecord } from '../json.js';
import { configWithClient } from '../server/config.js';
import { artifactCount, artifactPath, readArtifact } from '../spool/artifact-record.js';
import type { ArtifactRecord } from '../spool/artifact-record.js';
import { parseRow, type RunConfig, type RunRecord } from '../spool/run-record.js';
import type { Spool } from '../spool/spool.js';
import { RecordLog } from './record-log.js';
import * as records from './records.js';

/**
 * A run in the form in which W&B's own client keeps one that is offline, `run-ID.wandb` and its files: `wandb sync FOLDER` sends
 * it. It is written beside the spool, while the run goes on.
 */
export class TransactionLog {
  /** What `wandb sync` is given. */
  readonly folder: string;
  readonly #spoolFolder: string;
  readonly #log: RecordLog;
  #count = 0;
  /** The last histograms and tables: they are in the summary at the end alone, as they are long. */
  readonly #lastObjects: Record<string, unknown> = {};

  private constructor(folder: string, spool: Spool) {
    this.folder = folder;
    this.#spoolFolder = spool.folder;
    fs.mkdirSync(join(folder, 'files'), { recursive: true });
    this.#log = new RecordLog(join(folder, `run-${spool.record.id}.wandb`));
  }

  /**
   * Begins the log of a run, with all that its spool holds.
   *
   * @throws Error when the folder can't be written
   */
  static begin(folder: string, spool: Spool): TransactionLog {
    const { record } = spool;
    const log = new TransactionLog(folder, spool);
    log.#append(records.headerRecord());
    log.#append(records.runRecord(record, configWithClient(record)));
    if (record.metadata) log.#append(records.environmentRecord(record.metadata, record));
    for (const line of spool.lines('history')) log.#replay(line);
    for (const line of spool.lines('events')) log.#replayStats(line);
    for (const line of spool.lines('output')) log.#replayOutput(line);
    for (const name of spool.unsentFiles()) {
      log.addFile(name, fs.readFileSync(join(spool.folder, 'files', name)));
    }
    for (let number = 0; number < artifactCount(spool.folder); number++) {
      log.artifact(record, readArtifact(spool.folder, number), number);
    }
    if (Object.keys(spool.summary).length > 0) log.summary(spool.summary);
    return log;
  }

  config(values: RunConfig): void {
    this.#append(records.configRecord(values));
  }

  history(row: RunConfig): void {
    this.#append(records.historyRecord(row));
    const [objects, plain] = [true, false].map((wanted) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => isRecord(value) === wanted)),
    );
    Object.assign(this.#lastObjects, objects);
    this.summary(plain);
  }

  summary(values: RunConfig): void {
    this.#append(records.summaryRecord(values));
  }

  stats(figures: SystemMetrics, nowMs: number): void {
    this.#append(records.statsRecord(figures, nowMs));
  }

  output(line: string, stream: 'stdout' | 'stderr', nowMs: number): void {
    this.#append(records.outputRecord(line, stream, nowMs));
  }

  addFile(name: string, content: string | Uint8Array): void {
    const path = join(this.folder, 'files', name);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, content);
    this.#append(records.filesRecord(name));
  }

  /** @param number - of the artifact in the spool */
  artifact(record: RunRecord, artifact: ArtifactRecord, number: number): void {
    const pathOf = (file: string): string =>
      fs.realpathSync(artifactPath(this.#spoolFolder, number, file));
    this.#append(records.artifactRecord(record, artifact, pathOf));
  }

  /** @param runtime - in seconds */
  end(exitCode: number, runtime: number): void {
    this.summary({ ...this.#lastObjects, _wandb: { runtime: Math.floor(runtime) } });
    this.#append(records.exitRecord(exitCode, runtime));
    this.#log.close();
  }

  #replay(line: string): void {
    const row = parseRow(line);
    if (row !== undefined) this.history(row);
  }

  #replayStats(line: string): void {
    const { _timestamp: seconds, ...rest } = parseRow(line) ?? {};
    const figures = Object.entries(rest).filter(([name]) => name.startsWith('system.'));
    const named = figures.map(([name, value]) => [name.slice('system.'.length), Number(value)]);
    if (named.length > 0) {
      this.stats(Object.fromEntries(named) as SystemMetrics, Number(seconds) * 1000);
    }
  }

  #replayOutput(line: string): void {
    const [, error, time, text] = /^(ERROR )?(\S+) (.*)$/.exec(line) ?? [];
    if (text !== undefined) {
      this.output(text, error === undefined ? 'stdout' : 'stderr', Date.parse(`${time}Z`));
    }
  }

  #append(record: records.LogRecord): void {
    this.#log.append(records.encodeRecord(record, ++this.#count));
  }
}
