import { histogramEdges, type Distribution } from '../../watch/distribution.js';
import type { RunConfig, TrainingEvent, TrainingListener } from '../../loop/training-event.js';
import type { WatchedParameter } from '../../watch/watch-parameters.js';
import type { BackgroundSender } from './sender.js';
import { rowToJson } from './run-record.js';
import type { HistoryRow, HistoryValue, WandbHistogram } from './run-record.js';
import type { Spool } from './spool.js';

/** Which histograms a run keeps of a model. */
export type WatchKind = 'gradients' | 'parameters' | 'all';

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
  #watched: WatchKind | undefined;
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
    if (next > this.#step) this.#commit();
    this.#step = next;
    this.#row = { ...this.#row, ...values };
    if (step === undefined) {
      this.#commit();
      this.#step++;
    }
  }

  /** `wandb.watch(model, log)`: from now on the listener logs histograms at each watch event. */
  watch(kind: WatchKind = 'gradients'): void {
    this.#watched = kind;
  }

  /** Logs a training: its configuration, metrics, samples, and histograms where `watch` was called. */
  get listener(): TrainingListener {
    return (event) => this.#listen(event);
  }

  /** `wandb.finish(exit_code)`: keeps the last row, and sends what is left if the server can be reached. */
  async finish(exitCode = 0): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#commit();
    this.#spool.end(exitCode);
    await this.#sender?.finish();
  }

  #listen(event: TrainingEvent): void {
    switch (event.type) {
      case 'start':
        if (event.config !== undefined) this.updateConfig(event.config);
        return;
      case 'watch':
        if (this.#watched === undefined) return;
        this.log(histogramsOf(event.parameters, this.#watched), { step: event.step });
        return;
      case 'samples':
        this.log({ samples: event.texts.join('\n') }, { step: event.step });
        return;
      case 'log': {
        const { step, ...figures } = event.metrics;
        this.log(figures, { step });
        this.#commit(); // the last event of a step
        return;
      }
      case 'end':
        this.#commit();
        return;
      case 'step':
      case 'validating':
      case 'validation':
        return;
      default:
        event satisfies never;
    }
  }

  #commit(): void {
    const row = this.#row;
    if (Object.keys(row).length === 0) return;
    this.#row = {};
    const nowMs = Date.now();
    const times = { _runtime: (nowMs - this.#startMs) / 1000, _timestamp: nowMs / 1000 };
    this.#spool.append(rowToJson({ _step: this.#step, ...times, ...row }));
  }
}

/** As `wandb.watch` names them: `gradients/linear1.weight`. */
function histogramsOf(parameters: readonly WatchedParameter[], kind: WatchKind): HistoryRow {
  const row: Record<string, HistoryValue> = {};
  for (const { name, values, gradient } of parameters) {
    if (kind !== 'gradients') row[`parameters/${name}`] = histogramOf(values);
    if (kind !== 'parameters' && gradient) row[`gradients/${name}`] = histogramOf(gradient);
  }
  return row;
}

function histogramOf(distribution: Distribution): WandbHistogram {
  return { _type: 'histogram', values: distribution.counts, bins: histogramEdges(distribution) };
}
