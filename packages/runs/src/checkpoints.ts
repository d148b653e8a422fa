import { loadStateDict, stateDict } from '@llm101/models';
import {
  Checkpoints,
  describeError as describe,
  loaderPart,
  optimizerPart,
  variablesPart,
} from '@llm101/training';
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
import { resumeObstacles } from './settings/resume.js';
import { type RawSettings, settingsSchema } from './settings/settings.js';

/** Where a run's checkpoints are kept, and how failures are reported. */
export interface RunCheckpointsOptions {
  readonly store: CheckpointStore;
  /** What messages call the store, such as the folder of the run. */
  readonly where: string;
  /** Steps from one to the next, as {@link Checkpoints} takes them. Default: the settings' `checkpointInterval`. */
  readonly interval?: number;
  /** Gets a line about a checkpoint that can't be written or used; by default the console warns with it. */
  readonly warn?: ((message: string) => void) | undefined;
  /** What to do about a checkpoint of other settings. Default: to give the run those settings, or a store of its own. */
  readonly remedy?: string;
  /** Why something couldn't be written; default: the error's message. */
  readonly describeError?: (error: unknown) => string;
}

/**
 * The checkpoints of a run; hand them to its `train`, which resumes where there are some.
 *
 * @throws UserError from `resume` when they are of a run with other settings
 */
export function runCheckpoints(run: Run, options: RunCheckpointsOptions): Checkpoints {
  const { store, where, warn, describeError = describe } = options;
  const { remedy = 'give it those settings, or a store of its own' } = options;
  const { checkpointInterval } = run.settings;
  let device: unknown; // of the checkpoint
  const { interval = checkpointInterval === 0 ? undefined : checkpointInterval } = options;
  return new Checkpoints({
    store,
    parts: partsOf(run),
    get config() {
      return JSON.parse(JSON.stringify({ ...run.settings, checkpointInterval: undefined })) as Json; // what is set
    },
    interval,
    // Their user has named another device: digits are others from here on.
    mayRoundOtherwise: () => device !== undefined && device !== run.settings.device,
    check({ config: saved, step }: Checkpoint) {
      const before = completed(saved);
      device = before['device'];
      run.continueWith(before['shards']);
      const { settings } = run;
      const differences = resumeObstacles(before, settings);
      if (differences.length > 0) {
        throw new UserError(
          `${where} can't resume with other settings than its checkpoint of step ${step} has: ${differences.join(', ')}; ${remedy}`,
        );
      }
      if (step <= settings.maxSteps) return;
      throw new UserError(
        `${where} has done ${step} steps; maxSteps must be at least that; got ${settings.maxSteps}; choose a larger one`,
      );
    },
    warn,
    describeError,
  });
}

/** Saved settings, with defaults for those that didn't exist yet. */
function completed(saved: Json): RawSettings {
  const parsed = settingsSchema.safeParse(saved);
  return parsed.success ? parsed.data : { ...Object(saved) };
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
