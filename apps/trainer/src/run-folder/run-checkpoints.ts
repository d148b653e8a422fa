import { loadStateDict, type Module, stateDict } from '@llm101/models';
import {
  type Checkpoint,
  CheckpointError,
  type CheckpointPart,
  type CheckpointParts,
  Checkpoints,
  type CheckpointStore,
  type InfiniteLoader,
  type Json,
  loaderPart,
  type Optimizer,
  optimizerPart,
  type Resumed,
  variablesPart,
} from '@llm101/training';
import { fileStore } from '@llm101/training/node';
import { describeFileError } from '../terminal/describe-file-error.js';
import { findDifferences } from '../run/find-differences.js';
import { checkFolder } from './keep-to-folder.js';
import type { HeldRunFolder } from './run-folder.js';
import { type Settings, settingsSchema } from '../settings/settings.js';
import { UserError } from '../settings/user-error.js';

/** What a run keeps its checkpoints of. */
export interface RunCheckpointsOptions {
  readonly run: HeldRunFolder;
  readonly settings: Settings;
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly batches: InfiniteLoader;
  readonly losses: CheckpointPart;
  /** Gets a line about a checkpoint that can't be written or used. */
  readonly warn: (message: string) => void;
}

/** Checkpoints of a run in its folder. */
export interface RunCheckpoints {
  /** None are written where the settings want none. */
  readonly checkpoints: Checkpoints;
  /**
   * Gives model, optimizer and loader what the newest checkpoint holds.
   *
   * @returns nothing where there is no checkpoint yet
   * @throws UserError when none can be used, or they are of a run with other settings
   */
  resume(): Promise<Resumed | undefined>;
}

/** Settings that change nothing about how a run goes. */
const FREE: ReadonlySet<string> = new Set(['checkpointInterval']);

export function runCheckpoints(options: RunCheckpointsOptions): RunCheckpoints {
  const { run, settings, warn } = options;
  const { checkpointInterval: interval } = settings;
  const store = storeOf(run);
  const parts = partsOf(options);
  const config = decisive(settings);
  const check = ({ config: saved, step }: Checkpoint): void => {
    const differences = findDifferences(completed(saved), config);
    if (differences.length === 0) return;
    throw new UserError(
      `${run.path} can't go on with other settings than its checkpoint of step ${step} has: ${differences.join(', ')}; ` +
        'put its config.json back, or begin another run',
    );
  };
  const onError = once((error) =>
    warn(
      `a checkpoint can't be written: ${describeFileError(error)}; those before stay, the run goes on`,
    ),
  );
  const onDamaged = (name: string, reason: string): void =>
    warn(`checkpoint ${name} can't be used: ${reason}; the one before it is tried`);
  const checkpoints = new Checkpoints({
    store,
    parts,
    config,
    interval: interval === 0 ? undefined : interval,
    check,
    onDamaged,
    onError,
  });
  return {
    checkpoints,
    async resume() {
      try {
        return await checkpoints.resume();
      } catch (cause) {
        if (!(cause instanceof CheckpointError)) throw cause;
        throw new UserError(
          `${run.path} can't go on: ${cause.message}; begin it again by llm101 train --config ${run.config}`,
          { cause },
        );
      }
    },
  };
}

/** A folder that has become another run's gets nothing of this one. */
function storeOf(run: HeldRunFolder): CheckpointStore {
  const store = fileStore(run.checkpoints);
  return {
    ...store,
    async write(name, bytes) {
      checkFolder(run);
      await store.write(name, bytes);
    },
  };
}

/** What a later process must have too, to give the same run. */
function decisive(settings: Settings): Json {
  const entries = Object.entries(settings).filter(([key]) => !FREE.has(key));
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Json; // without what isn't set
}

/** Saved settings, with the defaults of those that there weren't yet. */
function completed(saved: Json): Json {
  const parsed = settingsSchema.safeParse(saved);
  return parsed.success ? decisive(parsed.data) : saved;
}

function partsOf({ model, optimizer, batches, losses }: RunCheckpointsOptions): CheckpointParts {
  return {
    model: modelPart(model),
    counters: variablesPart(model.namedCounters()),
    optimizer: optimizerPart(optimizer),
    batches: loaderPart(batches),
    losses,
  };
}

/** Parameters and buffers, as in model.safetensors. */
function modelPart(model: Module): CheckpointPart {
  return {
    state: () => ({ tensors: stateDict(model), values: null }),
    load: ({ tensors }) => loadStateDict(model, tensors),
  };
}

/** A function that passes its first call on, and no other. */
function once(tell: (error: unknown) => void): (error: unknown) => void {
  let isTold = false;
  return (error) => {
    if (!isTold) tell(error);
    isTold = true;
  };
}
