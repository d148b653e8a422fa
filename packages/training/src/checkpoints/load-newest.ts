import { describeError, warnOnConsole } from '../describe-error.js';
import { CheckpointError, decodeCheckpoint } from '../state/checkpoint.js';
import type { Checkpoint, Json, PartState } from '../state/checkpoint.js';
import { comparedLoop, continueLoop, type EarlierArithmetic } from './earlier-arithmetic.js';
import { asJson, differencesOf, listed, OtherRunError } from './identity.js';
import { identityOf, loadParts, type CheckpointParts } from './parts.js';
import { stepOfName, type CheckpointStore } from './stores.js';

/** What a run needs to resume. */
export interface ResumeOptions {
  /** Where they are kept, those of one run alone. */
  readonly store: CheckpointStore;
  /** What is kept beside what the loop knows itself, by name: model, optimizer, loader. */
  readonly parts: CheckpointParts;
  /**
   * Settings that a resumed run must have too, where neither parts nor `train` can tell: a dropout's rate, an activation.
   * Parts tell of initial values, data, batches, seed and the optimizer's settings, `train` of its schedule.
   */
  readonly config?: Json;
  /**
   * Compares the config of a checkpoint with that of this run, in place of {@link differencesOf}; throws to refuse it: a
   * CheckpointError to have the one before it tried, any other error to give up.
   */
  readonly check?: (checkpoint: Checkpoint) => void;
  /**
   * Whether the run may go on with steps that round otherwise than those before: on another device. Asked once its settings are compared; it
   * then says so in its `start` event and in its checkpoints. Default: it may not.
   */
  readonly mayRoundOtherwise?: () => boolean;
  /** Gets a line about what fails while the run continues, once for each kind. Default: `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Why the store failed. Default: the error's message, or what is known of one that has none. */
  readonly describeError?: (error: unknown) => string;
  /** Called with each checkpoint that can't be used, before the one before it is tried. Default: `warn`. */
  readonly onDamaged?: (name: string, reason: string) => void;
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
  /** How steps before rounded, where otherwise than those that follow; known once the loop has given its settings. Default: alike. */
  readonly earlier?: readonly EarlierArithmetic[];
}

/** Which run a checkpoint is of, as parts and loop tell. */
export interface Identity {
  readonly parts: Readonly<Record<string, Json>>;
  readonly loop?: Json;
}

/** A checkpoint that a run resumes from. */
export interface Found {
  readonly resumed: Resumed;
  /** Of the run that is resumed; undefined where its checkpoint doesn't tell. */
  readonly saved: Identity | undefined;
}

/**
 * Gives the parts the states of the newest checkpoint that can be read.
 *
 * @returns undefined where there is no checkpoint
 * @throws OtherRunError when the newest is of a run with other settings or data
 * @throws CheckpointError when there are some, and none can be used
 */
export async function loadNewest(options: ResumeOptions): Promise<Found | undefined> {
  const { store, parts, warn = warnOnConsole, describeError: describe = describeError } = options;
  const { onDamaged = (name, reason) => warn(`checkpoint ${name} ${unusable(reason)}`) } = options;
  let first: string | undefined;
  for (const name of await namesNewestFirst(store, describe)) {
    try {
      const checkpoint = decodeCheckpoint(await read(store, name, describe));
      const saved = compareRuns(name, checkpoint, options);
      const resumed = { name, ...load(parts, checkpoint) };
      if (saved === undefined) warn(`checkpoint ${name} ${UNKNOWN}`);
      return { saved, resumed };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      first ??= `${name}: ${error.message}`;
      onDamaged(name, error.message);
    }
  }
  if (first === undefined) return undefined;
  throw new CheckpointError(`there is no checkpoint that can be used; the newest is ${first}`);
}

/**
 * Has a loop go on.
 *
 * @param loop - its settings, where they are known
 * @returns them as they are to be saved, and how its steps rounded before, where otherwise
 * @throws OtherRunError when they are others than those of the run that is resumed
 * @throws CheckpointError when how it rounded before isn't as it was saved
 */
export function continueFrom(
  { resumed, saved }: Found,
  loop: Json | undefined,
  mayRoundOtherwise: ResumeOptions['mayRoundOtherwise'] = () => false,
): Pick<Resumed, 'earlier'> & { readonly loop: Json | undefined } {
  if (saved?.loop === undefined || loop === undefined) return { loop };
  const isFree = mayRoundOtherwise();
  const [before, now] = [saved.loop, loop].map((settings) => comparedLoop(settings, isFree));
  const differences = differencesOf({ train: before }, { train: now });
  if (differences.length > 0) throw otherRun(resumed.name, differences);
  return continueLoop(saved.loop, loop, resumed.step);
}

type Describe = (error: unknown) => string;

async function namesNewestFirst(store: CheckpointStore, describe: Describe): Promise<string[]> {
  let names: readonly string[];
  try {
    names = await store.list();
  } catch (cause) {
    throw new CheckpointError(`the checkpoints can't be listed: ${describe(cause)}`, { cause });
  }
  return names
    .filter((name) => stepOfName(name) !== undefined)
    .sort((a, b) => (stepOfName(b) ?? 0) - (stepOfName(a) ?? 0));
}

async function read(
  store: CheckpointStore,
  name: string,
  describe: Describe,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: unknown;
  try {
    bytes = await store.read(name);
  } catch (cause) {
    throw new CheckpointError(`it can't be read: ${describe(cause)}`, { cause });
  }
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  throw new CheckpointError(`the store must read bytes; got ${typeof bytes}`);
}

/**
 * @returns which run the checkpoint is of, where it tells
 * @throws OtherRunError when it is of a run with other settings or data
 */
function compareRuns(
  name: string,
  checkpoint: Checkpoint,
  { check, config = null, parts }: ResumeOptions,
): Identity | undefined {
  const saved = (checkpoint.identity ?? undefined) as Identity | undefined;
  let differences: string[] = [];
  if (check !== undefined) check(checkpoint);
  else if (saved !== undefined || checkpoint.config !== null) {
    differences = differencesOf(checkpoint.config, asJson(config));
  }
  if (saved !== undefined) {
    const wanted = identityOf(parts, { checkpoint, saved: saved.parts });
    differences = [...differences, ...differencesOf(saved.parts, asJson(wanted))];
  }
  if (differences.length > 0) throw otherRun(name, differences);
  return saved;
}

const UNKNOWN =
  "doesn't say of which run it is, as it was written by 0.1.0 or a loop without resume(); " +
  'data, seed, batches, optimizer and arithmetic are not compared';

const unusable = (reason: string): string => `can't be used: ${reason}; the one before it is tried`;

const otherRun = (name: string, differences: readonly string[]): OtherRunError =>
  new OtherRunError(
    `the store has checkpoints of another run: in ${name} ${listed(differences)}; ` +
      'resume with those settings, or give this run a store of its own',
    differences,
  );

function load(parts: CheckpointParts, checkpoint: Checkpoint): Omit<Resumed, 'name'> {
  const { step, parts: states } = checkpoint;
  const { progress, best } = states;
  if (progress === undefined || best === undefined) {
    throw new CheckpointError('it has no progress, or no best validation');
  }
  loadParts(parts, checkpoint);
  return { step, progress, best };
}
