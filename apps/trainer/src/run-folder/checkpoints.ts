import { type Run, runCheckpoints, UserError } from '@llm101/runs';
import { CheckpointError, OtherRunError, StoreInUseError } from '@llm101/training';
import type { Checkpoints, Resumed } from '@llm101/training';
import { checkUnlocked, fileStore } from '@llm101/training/node';
import { describeFileError, flagNames } from '../terminal/errors.js';
import { assertLocked, type LockedRunFolder } from './run-folder.js';

/**
 * The checkpoints of a run in its folder. Nothing is written once the folder is another run's.
 *
 * @param warn - gets a line about a checkpoint that can't be written or used
 */
export function folderCheckpoints(
  run: Run,
  folder: LockedRunFolder,
  warn: (message: string) => void,
): Checkpoints {
  const store = fileStore(folder.checkpoints);
  return runCheckpoints(run, {
    store: {
      ...store,
      async write(name, bytes) {
        assertLocked(folder);
        await store.write(name, bytes);
      },
      // The folder's own lock keeps other runs out; a program may write into its checkpoints by fileStore.
      async lock() {
        checkFree(folder);
        return () => Promise.resolve();
      },
    },
    where: folder.path,
    warn,
    remedy: 'put its config.json back, or start another run',
    describeError: describeFileError,
  });
}

/** @throws UserError when another program has the checkpoints */
function checkFree({ checkpoints }: LockedRunFolder): void {
  try {
    checkUnlocked(checkpoints, { what: 'the folder', remedy: 'start another run' });
  } catch (cause) {
    throw cause instanceof StoreInUseError ? new UserError(cause.message, { cause }) : cause;
  }
}

/**
 * Loads the newest checkpoint into a run.
 *
 * @returns nothing where there is no checkpoint yet
 * @throws UserError when none can be used, or they are of a run with other settings
 */
export async function resumeFromFolder(
  checkpoints: Checkpoints,
  folder: LockedRunFolder,
): Promise<Resumed | undefined> {
  try {
    return await checkpoints.resume();
  } catch (cause) {
    if (cause instanceof UserError) throw new UserError(flagNames(cause.message), { cause });
    if (!(cause instanceof CheckpointError || cause instanceof OtherRunError)) throw cause;
    throw new UserError(
      `${folder.path} can't be resumed: ${cause.message}; start it again by llm101 train --config ${folder.config}`,
      { cause },
    );
  }
}
