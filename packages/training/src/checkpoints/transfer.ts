import { describeError } from '../describe-error.js';
import { CheckpointError, decodeCheckpoint } from '../state/checkpoint.js';
import { differencesOf, listed, OtherRunError } from './identity.js';
import { checkpointName, claimStore, stepOfName, type CheckpointStore } from './stores.js';

/** A checkpoint on its way from one store to another. */
export interface ExportedCheckpoint {
  /** `step-00000100.safetensors` */
  readonly name: string;
  /** Steps done. */
  readonly step: number;
  /** The file: to be downloaded, sent to a server, or given to {@link importCheckpoint}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The newest checkpoint of a store that is whole, as the bytes of a file. With {@link importCheckpoint} a run moves from a
 * folder to a page, and back: it ends with the bytes of one that stayed.
 *
 * @returns nothing where there is no checkpoint
 * @throws CheckpointError when there are some, and none is whole
 */
export async function exportCheckpoint(
  store: CheckpointStore,
): Promise<ExportedCheckpoint | undefined> {
  const names = (await store.list()).filter((name) => stepOfName(name) !== undefined);
  let first: string | undefined;
  for (const name of names.sort((a, b) => (stepOfName(b) ?? 0) - (stepOfName(a) ?? 0))) {
    try {
      const bytes = new Uint8Array(await store.read(name));
      return { name, step: decodeCheckpoint(bytes).step, bytes };
    } catch (error) {
      first ??= `${name}: ${describeError(error)}`;
    }
  }
  if (first === undefined) return undefined;
  throw new CheckpointError(`exportCheckpoint: no checkpoint is whole; the newest is ${first}`);
}

/**
 * Puts a checkpoint into a store, under the name of its step, so that a run with this store resumes from it.
 *
 * @param bytes - what {@link exportCheckpoint} gave, or a file of a run folder's `checkpoints`
 * @returns the steps done
 * @throws CheckpointError when it isn't a whole checkpoint, or the store has a later one, from which a run would resume
 * @throws OtherRunError when the store has checkpoints of another run
 * @throws StoreInUseError when a run has the store
 */
export async function importCheckpoint(
  store: CheckpointStore,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ readonly name: string; readonly step: number }> {
  const file = new Uint8Array(bytes);
  const { step, config, identity } = decodeCheckpoint(file);
  const name = checkpointName(step);
  const release = await claimStore(store);
  try {
    const there = await exportCheckpoint(store);
    if (there !== undefined) {
      const other = decodeCheckpoint(there.bytes);
      // Settings such as how long it trains may change; the run itself compares them.
      const differences =
        identity === undefined || other.identity === undefined
          ? differencesOf(other.config, config)
          : differencesOf(other.identity, identity);
      if (differences.length > 0) {
        throw new OtherRunError(
          `importCheckpoint: the store has checkpoints of another run: in ${there.name} ${listed(differences)}; ` +
            'take a store of its own',
          differences,
        );
      }
      if (there.step > step) {
        throw new CheckpointError(
          `importCheckpoint: the store has a later checkpoint, ${there.name}, from which a run would resume; remove it ` +
            `before that of step ${step} comes in, or take another store`,
        );
      }
    }
    await store.write(name, file);
    return { name, step };
  } finally {
    await release();
  }
}
