import { encodeCheckpoint, decodeCheckpoint, CheckpointError } from '../state/checkpoint.js';
import type { Json, PartState, Checkpoint } from '../state/checkpoint.js';
import { loadParts, type CheckpointParts } from './parts.js';
import type { CheckpointStore } from './stores.js';
import { checkWhole } from '../checks.js';

/** Settings of {@link Checkpoints}. */
export interface CheckpointsOptions {
  /** Where they are kept, those of one run alone. */
  readonly store: CheckpointStore;
  /** What is kept beside what the loop knows itself, by name: model, optimizer, loader. */
  readonly parts: CheckpointParts;
  /** Steps from one checkpoint to the next. Default: none is written, the run only resumes. */
  readonly interval?: number | undefined;
  /** Settings that a resumed run must have too. */
  readonly config?: Json;
  /**
   * May throw for a checkpoint that was read, such as one of other settings: a CheckpointError to have the one before it
   * tried, any other error to give up.
   */
  readonly check?: (checkpoint: Checkpoint) => void;
  /** Called with a checkpoint that can't be used, before the one before it is tried. */
  readonly onDamaged?: (name: string, reason: string) => void;
  /** Called when a checkpoint couldn't be written; the run continues, and those before stay. */
  readonly onError?: (error: unknown) => void;
}

/** The parts of a checkpoint that belong to the loop itself. */
export interface RunParts {
  /** Steps done, the last of them, the sum of losses. */
  readonly progress: PartState;
  /** The best validation, and its weights with a patience. */
  readonly best: PartState;
}

/** Where a run resumes. */
export interface Resumed extends RunParts {
  /** Steps done. */
  readonly step: number;
  /** Of the checkpoint. */
  readonly name: string;
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

/** The newest that are kept: if one is damaged, the one before is there. The best is kept besides. */
const NEWEST = 2;

/**
 * Checkpoints of one run: `train` resumes from the newest and writes others while it trains. One is written at a time; where
 * the store is slower than the run, those that come due meanwhile are left out, but for the best and the last: one of
 * these waits while the run continues, and for another the run waits.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  #resumed: Promise<Resumed | undefined> | undefined;
  #pending: Promise<void> | undefined;
  /** Whether one is made already and will be written after that which is being written. */
  #isOneWaiting = false;
  /** Steps of the checkpoints there are, once it is known. */
  #steps: readonly number[] | undefined;

  /** @throws RangeError when the interval isn't a whole number from 1 on */
  constructor(options: CheckpointsOptions) {
    if (options.interval !== undefined) checkWhole('Checkpoints: interval', options.interval, 1);
    this.#options = options;
  }

  /** Whether one is being written. */
  get isWriting(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Gives the parts the states of the newest checkpoint that can be read. `train` calls it; whoever has to know before
   * where the run resumes calls it too, and until a checkpoint is written each call has the result of the first.
   *
   * @returns nothing where there is no checkpoint
   * @throws CheckpointError when there are some, and none can be used
   */
  resume(): Promise<Resumed | undefined> {
    this.#resumed ??= newestUsable(this.#options);
    return this.#resumed;
  }

  /**
   * Called after each step, once everything about it is known; saves the run if it is due.
   *
   * @param event - what makes a step due whatever the interval says
   * @returns a promise where the run has to wait for earlier checkpoints
   */
  after(
    run: CheckpointedRun,
    event: { isBest: boolean; isLast: boolean },
  ): Promise<void> | undefined {
    const { interval } = this.#options;
    if (interval === undefined) return undefined;
    const must = event.isBest || event.isLast;
    if (!must && run.step % interval !== 0) return undefined;
    if (this.#pending === undefined || (must && !this.#isOneWaiting)) return this.#start(run);
    return must ? this.#pending.then(() => this.#start(run)) : undefined;
  }

  /** Waits until what is being written is written. */
  async settle(): Promise<void> {
    await this.#pending;
  }

  #start(run: CheckpointedRun): undefined {
    const { config = null, parts, onError } = this.#options;
    this.#resumed = undefined;
    const states = Object.entries(parts).map(([name, part]) => [name, part.state()] as const);
    const bytes = encodeCheckpoint({
      step: run.step,
      config,
      parts: { ...Object.fromEntries(states), ...run.parts() },
    });
    const { step, bestStep: best } = run;
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
    // Those of later steps are left of a run that resumed from here; they are overwritten when it gets there.
    const earlier = this.#steps.filter((other) => other < step).sort((a, b) => b - a);
    const outdated = earlier.slice(NEWEST - 1).filter((other) => other !== best);
    for (const other of outdated) await store.remove(checkpointName(other));
    const kept = this.#steps.filter((other) => other !== step && !outdated.includes(other));
    this.#steps = [...kept, step];
  }
}

async function newestUsable(options: CheckpointsOptions): Promise<Resumed | undefined> {
  const { store, check, onDamaged } = options;
  const names = (await store.list()).filter((name) => stepOfName(name) !== undefined);
  const newestFirst = names.sort((a, b) => (stepOfName(b) ?? 0) - (stepOfName(a) ?? 0));
  let first: string | undefined;
  for (const name of newestFirst) {
    try {
      const checkpoint = decodeCheckpoint(await store.read(name));
      check?.(checkpoint);
      return { name, ...load(options.parts, checkpoint) };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      first ??= `${name}: ${error.message}`;
      onDamaged?.(name, error.message);
    }
  }
  if (first === undefined) return undefined;
  throw new CheckpointError(`there is no checkpoint that can be used; the newest is ${first}`);
}

function load(parts: CheckpointParts, checkpoint: Checkpoint): Omit<Resumed, 'name'> {
  const { step, parts: states } = checkpoint;
  const { progress, best } = states;
  if (progress === undefined || best === undefined) {
    throw new CheckpointError('it has no progress, or no best validation');
  }
  loadParts(parts, checkpoint);
  return { step, progress, best };
}

/** The name of a step's checkpoint: `step-00000100.safetensors`. */
function checkpointName(step: number): string {
  return `step-${String(step).padStart(8, '0')}.safetensors`;
}

/** The step of a checkpoint by its name, or nothing if it isn't one. */
function stepOfName(name: string): number | undefined {
  const digits = /^step-(\d{8,15})\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
