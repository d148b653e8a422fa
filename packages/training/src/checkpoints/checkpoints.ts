import { checkWhole } from '../checks.js';
import { describeError, warnOnConsole } from '../describe-error.js';
import { encodeCheckpoint } from '../state/checkpoint.js';
import type { Json } from '../state/checkpoint.js';
import { asJson } from './identity.js';
import { continueFrom, loadNewest } from './load-newest.js';
import type { Found, Identity, Resumed, ResumeOptions, RunParts } from './load-newest.js';
import { identityOf } from './parts.js';
import { checkpointName, claimStore, stepOfName, StoreInUseError } from './stores.js';

/** Settings of {@link Checkpoints}. */
export interface CheckpointsOptions extends ResumeOptions {
  /**
   * Steps from one checkpoint to the next; `Infinity` writes that of the last step alone, and those that are asked for. Default: none is
   * written, the run only resumes.
   */
  readonly interval?: number | undefined;
  /**
   * Called each time a checkpoint couldn't be written; the run continues, and those before stay, unless it throws, which
   * ends the run. Default: `warn`, once.
   */
  readonly onError?: (error: unknown) => void;
}

/** A run between two steps. */
export interface CheckpointedRun {
  /** Steps done. */
  readonly step: number;
  /** The step of the best validation, where there was one. */
  readonly bestStep: number | undefined;
  /** What the loop itself needs to continue from here. */
  parts(): RunParts;
}

/** What became of the checkpoints that were due. */
export interface CheckpointsOutcome {
  /** How many were written. */
  readonly written: number;
  /** How many couldn't be. */
  readonly failed: number;
  /** The step of the last that was written: where a run would resume. */
  readonly lastStep: number | undefined;
  /** Why the last one that failed did; undefined where none has. */
  readonly error: string | undefined;
}

/** The newest that are kept: if one is damaged, the one before is there. The best is kept besides. */
const NEWEST = 2;

/**
 * Checkpoints of one run: `train` resumes from the newest and writes others while it trains. One is written at a time; where
 * the store is slower than the run, those that come due meanwhile are left out, but for the best and the last: one of
 * these waits while the run continues, and for another the run waits.
 *
 * From `resume` until `close`, which `train` calls at its end, the store is this run's alone.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #warnOnce: (kind: 'write' | 'remove', message: string) => void;
  #resumed: Promise<Found | undefined> | undefined;
  #identity: Identity | undefined;
  #release: (() => Promise<void>) | undefined;
  #pending: Promise<void> | undefined;
  /** Whether one is made already and will be written after that which is being written. */
  #isOneWaiting = false;
  /** The step of the one that was made last, unless it couldn't be written. */
  #madeAt: number | undefined;
  /** Steps of the checkpoints there are, once it is known. */
  #steps: readonly number[] | undefined;
  #outcome: CheckpointsOutcome = { written: 0, failed: 0, lastStep: undefined, error: undefined };
  /** What ends the run at the next occasion. */
  #fatal: { readonly error: unknown } | undefined;

  /** @throws RangeError when the interval isn't a whole number from 1 on, or Infinity */
  constructor(options: CheckpointsOptions) {
    const { interval = Infinity } = options;
    if (interval !== Infinity) checkWhole('Checkpoints: interval', interval, 1);
    this.#options = options;
    const { warn = warnOnConsole } = options;
    const warned = new Set<string>();
    this.#warnOnce = (kind, message) => {
      if (!warned.has(kind)) warn(message);
      warned.add(kind);
    };
  }

  /** Whether one is being written. */
  get isWriting(): boolean {
    return this.#pending !== undefined;
  }

  /** What became of those that were due so far. */
  get outcome(): CheckpointsOutcome {
    return this.#outcome;
  }

  /**
   * Makes the store this run's own, and gives the parts the states of the newest checkpoint that can be read. `train` calls
   * it; whoever has to know before where the run resumes calls it too, and until a checkpoint is written each call has the
   * result of the first.
   *
   * @param loop - settings of the loop that a resumed run must have too; `train` gives its own
   * @returns nothing where there is no checkpoint
   * @throws OtherRunError when the newest is of a run with other settings or data, listing them
   * @throws StoreInUseError when another run has the store
   * @throws CheckpointError when there are some, and none can be used
   */
  async resume(loop?: Json): Promise<Resumed | undefined> {
    try {
      this.#release ??= await claimStore(this.#options.store);
      this.#identity ??= { parts: identityOf(this.#options.parts) };
      if (loop !== undefined) this.#identity = { ...this.#identity, loop: asJson(loop) };
      this.#resumed ??= loadNewest(this.#options);
      const found = await this.#resumed;
      if (found === undefined) return undefined;
      const { parts } = this.#identity;
      const { mayRoundOtherwise } = this.#options;
      const continued = continueFrom(found, this.#identity.loop, mayRoundOtherwise);
      this.#identity = {
        parts: { ...parts, ...found.saved?.parts },
        ...(continued.loop !== undefined && { loop: continued.loop }),
      };
      const { earlier = [] } = continued;
      return earlier.length === 0 ? found.resumed : { ...found.resumed, earlier };
    } catch (error) {
      this.#resumed = undefined;
      await this.#letGo();
      throw error;
    }
  }

  /** Whether {@link after} may save this step, be it neither the best nor the last. */
  isDue(step: number): boolean {
    const { interval } = this.#options;
    return interval !== undefined && step % interval === 0;
  }

  /**
   * Called after each step, once everything about it is known; saves the run if it is due.
   *
   * @param event - what makes a step due whatever the interval says
   * @returns a promise where the run has to wait for earlier checkpoints
   * @throws what `onError` threw of an earlier one, or StoreInUseError where another run has taken the store
   */
  after(
    run: CheckpointedRun,
    event: { isBest: boolean; isLast: boolean },
  ): Promise<void> | undefined {
    this.#throwFatal();
    const { interval } = this.#options;
    if (interval === undefined) return undefined;
    const must = event.isLast || (event.isBest && interval !== Infinity);
    if (run.step === this.#madeAt) return undefined;
    if (!must && !this.isDue(run.step)) return undefined;
    if (this.#pending === undefined || (must && !this.#isOneWaiting)) return this.#start(run);
    return must ? this.#pending.then(() => this.#start(run)) : undefined;
  }

  /**
   * Saves the run as it is now, whatever the interval says; where this step is saved already, it is not again.
   *
   * @returns a promise that resolves when it is written, or couldn't be and `onError` knows it
   */
  async save(run: CheckpointedRun): Promise<void> {
    if (run.step !== this.#madeAt) this.#start(run);
    await this.#pending;
  }

  /**
   * Waits until what is being written is written, and lets go of the store.
   *
   * @throws as {@link after}
   */
  async close(): Promise<void> {
    await this.#pending;
    await this.#letGo();
    this.#throwFatal();
  }

  async #letGo(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }

  #throwFatal(): void {
    if (this.#fatal === undefined) return;
    const { error } = this.#fatal;
    this.#fatal = undefined;
    throw error;
  }

  #start(run: CheckpointedRun): undefined {
    const { config = null, parts } = this.#options;
    this.#resumed = undefined;
    const states = Object.entries(parts).map(([name, part]) => [name, part.state()] as const);
    const bytes = encodeCheckpoint({
      step: run.step,
      config,
      ...(this.#identity && { identity: asJson(this.#identity) }),
      parts: { ...Object.fromEntries(states), ...run.parts() },
    });
    const { step, bestStep: best } = run;
    this.#madeAt = step;
    const before = this.#pending;
    this.#isOneWaiting = before !== undefined;
    const written = before?.then(() => {
      this.#isOneWaiting = false;
      return this.#write(step, bytes);
    });
    const done = (written ?? this.#write(step, bytes))
      .then(
        () => this.#hasWritten(step, best),
        (error: unknown) => this.#hasFailed(step, error),
      )
      .catch((error: unknown) => void (this.#fatal = { error }))
      .finally(() => {
        if (this.#pending === done) this.#pending = undefined;
      });
    this.#pending = done;
    return undefined;
  }

  async #write(step: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#options.store.write(checkpointName(step), bytes);
  }

  #hasFailed(step: number, error: unknown): void {
    if (this.#madeAt === step) this.#madeAt = undefined;
    const why = this.#describe(error);
    this.#outcome = { ...this.#outcome, failed: this.#outcome.failed + 1, error: why };
    if (error instanceof StoreInUseError) throw error;
    const { onError } = this.#options;
    if (onError !== undefined) return onError(error);
    this.#warnOnce(
      'write',
      `a checkpoint can't be written: ${why}; those before stay, the run continues`,
    );
  }

  async #hasWritten(step: number, best: number | undefined): Promise<void> {
    this.#outcome = { ...this.#outcome, written: this.#outcome.written + 1, lastStep: step };
    try {
      await this.#removeOutdated(step, best);
    } catch (error) {
      if (error instanceof StoreInUseError) throw error;
      const why = this.#describe(error);
      this.#warnOnce(
        'remove',
        `an outdated checkpoint can't be removed: ${why}; more are kept than are needed`,
      );
    }
  }

  async #removeOutdated(step: number, best: number | undefined): Promise<void> {
    const { store } = this.#options;
    this.#steps ??= (await store.list()).map(stepOfName).filter((other) => other !== undefined);
    // Those of later steps are left of a run that resumed from here; they are overwritten when it gets there.
    const earlier = this.#steps.filter((other) => other < step).sort((a, b) => b - a);
    const outdated = earlier.slice(NEWEST - 1).filter((other) => other !== best);
    this.#steps = [...this.#steps.filter((other) => other !== step), step];
    for (const other of outdated) {
      await store.remove(checkpointName(other));
      this.#steps = this.#steps.filter((kept) => kept !== other);
    }
  }

  #describe(error: unknown): string {
    const { describeError: describe = describeError } = this.#options;
    return describe(error);
  }
}
