import { encodeCheckpoint, type Json } from './checkpoint.js';
import { checkpointName, stepOfName } from './checkpoint-name.js';
import type { CheckpointParts } from './checkpoint-parts.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { checkWhole } from './check-whole.js';
import type { RunState } from './run-state.js';

/** Settings of {@link Checkpoints}. */
export interface CheckpointsOptions {
  /** Where they are kept. */
  readonly store: CheckpointStore;
  /** Steps from one checkpoint to the next. */
  readonly interval: number;
  /** What is kept beside what the loop knows itself: model, optimizer, loader. */
  readonly parts: CheckpointParts;
  /** Settings that a run which goes on must have too. */
  readonly config?: Json;
  /** Told when a checkpoint couldn't be written; the run goes on, and those before stay. */
  readonly onError?: (error: unknown) => void;
}

/** How many of the newest are kept: if one is damaged, the one before is there. The best is kept besides. */
const NEWEST = 2;

/**
 * Writes checkpoints of a run while it goes on. One is written at a time; where the store is slower than the run, those
 * that come due meanwhile are left out, but for the best and the last: one of these waits while the run goes on, and for another
 * the run waits.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  #pending: Promise<void> | undefined;
  /** Whether one is made already and will be written after that which is being written. */
  #isOneWaiting = false;
  /** Steps of the checkpoints there are, once it is known. */
  #steps: readonly number[] | undefined;

  /** @throws RangeError when the interval isn't a whole number from 1 on */
  constructor(options: CheckpointsOptions) {
    checkWhole('Checkpoints: interval', options.interval, 1);
    this.#options = options;
  }

  /** Whether one is being written. */
  get isWriting(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Is told of each step, once everything about it is known, and saves it if it is due.
   *
   * @param event - what makes a step due whatever the interval says
   * @returns a promise where the run has to wait for earlier checkpoints
   */
  after(run: RunState, event: { isBest: boolean; isLast: boolean }): Promise<void> | undefined {
    const must = event.isBest || event.isLast;
    if (!must && run.step % this.#options.interval !== 0) return undefined;
    if (this.#pending === undefined || (must && !this.#isOneWaiting)) return this.#start(run);
    return must ? this.#pending.then(() => this.#start(run)) : undefined;
  }

  /** Waits until what is being written is written. */
  async settle(): Promise<void> {
    await this.#pending;
  }

  #start(run: RunState): undefined {
    const { config = null, parts, onError } = this.#options;
    const states = Object.entries(parts).map(([name, part]) => [name, part.state()] as const);
    const bytes = encodeCheckpoint({
      step: run.step,
      config,
      parts: { ...Object.fromEntries(states), ...run.parts() },
    });
    const best = run.validations.best?.step;
    const { step } = run;
    const before = this.#pending;
    this.#isOneWaiting = before !== undefined;
    const written = before?.then(() => {
      this.#isOneWaiting = false;
      return this.#write(step, best, bytes);
    });
    const done = (written ?? this.#write(step, best, bytes))
      .catch((error: unknown) => onError?.(error))
      .finally(() => {
        if (this.#pending === done) this.#pending = undefined;
      });
    this.#pending = done;
    return undefined;
  }

  async #write(
    step: number,
    best: number | undefined,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const { store } = this.#options;
    await store.write(checkpointName(step), bytes);
    this.#steps ??= (await store.list()).map(stepOfName).filter((other) => other !== undefined);
    // Those of later steps are left of a run that went on from here; they are written over when it gets there.
    const earlier = this.#steps.filter((other) => other < step).sort((a, b) => b - a);
    const outdated = earlier.slice(NEWEST - 1).filter((other) => other !== best);
    for (const other of outdated) await store.remove(checkpointName(other));
    const kept = this.#steps.filter((other) => other !== step && !outdated.includes(other));
    this.#steps = [...kept, step];
  }
}
