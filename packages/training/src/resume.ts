import { decodeCheckpoint, type Checkpoint } from './checkpoint.js';
import { stepOfName } from './checkpoint-name.js';
import { loadParts, type CheckpointParts } from './checkpoint-parts.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { CheckpointError } from './checkpoint-error.js';
import type { RunParts } from './run-state.js';

/** Settings of {@link resume}. */
export interface ResumeOptions {
  /** Where the checkpoints are. */
  readonly store: CheckpointStore;
  /** What gets its state back, by name. */
  readonly parts: CheckpointParts;
  /** May throw for a checkpoint that was read, such as one of other settings; unless it's a CheckpointError, that is the end. */
  readonly check?: (checkpoint: Checkpoint) => void;
  /** Told of a checkpoint that can't be used, before the one before it is tried. */
  readonly onDamaged?: (name: string, reason: string) => void;
}

/** Where a run goes on. */
export interface Resumed extends RunParts {
  /** Steps done. */
  readonly step: number;
  /** Of the checkpoint. */
  readonly name: string;
}

/**
 * Gives parts the states of the newest checkpoint that can be read; hand what is returned to `train`.
 *
 * @returns nothing where there is no checkpoint
 * @throws CheckpointError when there are some, and none can be used
 */
export async function resume(options: ResumeOptions): Promise<Resumed | undefined> {
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
