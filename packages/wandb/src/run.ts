import type { BackgroundSender } from './server/sender.js';
import { toJson } from './json.js';
import type { HistoryRow, RunConfig } from './spool/run-record.js';
import type { Spool } from './spool/spool.js';

/** Where a row of {@link WandbRun.log} goes. */
export interface LogOptions {
  /** What is logged at one step becomes one row. Default: each call makes a row of its own. */
  readonly step?: number;
}

/** What `wandb.init` returns. */
export class WandbRun {
  readonly #spool: Spool;
  readonly #sender: BackgroundSender | undefined;
  readonly #startMs: number;
  #row: HistoryRow = {};
  #step = 0;
  #hasEnded = false;

  constructor(spool: Spool, sender: BackgroundSender | undefined) {
    this.#spool = spool;
    this.#sender = sender;
    this.#startMs = Date.parse(spool.record.startedAt);
  }

  /** Unique in its project; part of its address. */
  get id(): string {
    return this.#spool.record.id;
  }

  /** Where the run is kept. */
  get folder(): string {
    return this.#spool.folder;
  }

  /** The run's settings; `updateConfig` adds to it. */
  get config(): RunConfig {
    return this.#spool.record.config;
  }

  /** `wandb.config.update(values)`. */
  updateConfig(values: RunConfig): void {
    this.#spool.setConfig({ ...this.config, ...values });
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
      this.commit();
      this.#step++;
    }
  }

  /** `wandb.finish(exit_code)`: keeps the last row, and sends what is left if the server can be reached. */
  async finish(exitCode = 0): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.commit();
    this.#spool.end(exitCode);
    await this.#sender?.finish();
  }

  /** Writes the row of the last step; a later `log` of the same step begins another. */
  commit(): void {
    const row = this.#row;
    if (Object.keys(row).length === 0) return;
    this.#row = {};
    const nowMs = Date.now();
    const times = { _runtime: (nowMs - this.#startMs) / 1000, _timestamp: nowMs / 1000 };
    this.#spool.append(toJson({ _step: this.#step, ...times, ...row }));
  }
}
