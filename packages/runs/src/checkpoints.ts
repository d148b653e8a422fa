import { loadStateDict, stateDict } from '@llm101/models';
import { Checkpoints, loaderPart, optimizerPart, variablesPart } from '@llm101/training';
import type {
  Checkpoint,
  CheckpointPart,
  CheckpointParts,
  CheckpointStore,
  Json,
} from '@llm101/training';
import { UserError } from './errors.js';
import type { Network } from './models/model-kind.js';
import type { Run } from './run.js';
import { type Settings, settingsSchema } from './settings/settings.js';

/** Where a run's checkpoints are kept, and how failures are reported. */
export interface RunCheckpointsOptions {
  readonly store: CheckpointStore;
  /** What messages call the store, such as the folder of the run. */
  readonly where: string;
  /** Gets a line about a checkpoint that can't be written or used. */
  readonly warn?: ((message: string) => void) | undefined;
  /** What to do about a checkpoint of other settings. Default: to give the run those settings, or a store of its own. */
  readonly remedy?: string;
  /** Why something couldn't be written; default: the error's message. */
  readonly describeError?: (error: unknown) => string;
}

/** Settings that don't affect a run's result. */
const FREE: ReadonlySet<string> = new Set(['checkpointInterval']);

/**
 * The checkpoints of a run; hand them to its `train`, which resumes where there are some.
 *
 * @throws UserError from `resume` when they are of a run with other settings
 */
export function runCheckpoints(run: Run, options: RunCheckpointsOptions): Checkpoints {
  const { store, where, warn = () => {}, describeError = messageOf } = options;
  const { remedy = 'give it those settings, or a store of its own' } = options;
  const { settings } = run;
  const { checkpointInterval: interval } = settings;
  const config = decisive(settings);
  let hasFailed = false;
  return new Checkpoints({
    store,
    parts: partsOf(run),
    config,
    interval: interval === 0 ? undefined : interval,
    check({ config: saved, step }: Checkpoint) {
      const differences = findDifferences(completed(saved), config);
      if (differences.length === 0) return;
      throw new UserError(
        `${where} can't resume with other settings than its checkpoint of step ${step} has: ${differences.join(', ')}; ${remedy}`,
      );
    },
    onDamaged: (name, reason) =>
      warn(`checkpoint ${name} can't be used: ${reason}; the one before it is tried`),
    onError(error) {
      if (hasFailed) return;
      hasFailed = true;
      warn(
        `a checkpoint can't be written: ${describeError(error)}; those before stay, the run continues`,
      );
    },
  });
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The settings that decide a run's result. */
function decisive(settings: Settings): Json {
  const entries = Object.entries(settings).filter(([key]) => !FREE.has(key));
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Json; // without what isn't set
}

/** Saved settings, with defaults for those that didn't exist yet. */
function completed(saved: Json): Json {
  const parsed = settingsSchema.safeParse(saved);
  return parsed.success ? decisive(parsed.data) : saved;
}

function partsOf({ model, optimizer, batches, firstLosses }: Run): CheckpointParts {
  return {
    model: modelPart(model),
    counters: variablesPart(model.namedCounters()),
    optimizer: optimizerPart(optimizer),
    batches: loaderPart(batches),
    losses: firstLosses,
  };
}

/** Parameters and buffers, as in model.safetensors. */
function modelPart(model: Network): CheckpointPart {
  return {
    state: () => ({ tensors: stateDict(model), values: null }),
    load: ({ tensors }) => loadStateDict(model, tensors),
  };
}

/** The settings in which two configurations differ: `lr is 0.1, not 0.2`, the saved value first. */
function findDifferences(saved: Json, wanted: Json): string[] {
  const [before, now] = [textsOf(saved), textsOf(wanted)];
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  return keys
    .filter((key) => before.get(key) !== now.get(key))
    .map((key) => `${key} is ${before.get(key) ?? 'not set'}, not ${now.get(key) ?? 'set'}`);
}

/** Each setting as JSON. */
function textsOf(json: Json): Map<string, string> {
  if (typeof json !== 'object' || json === null) return new Map();
  return new Map(Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)]));
}
