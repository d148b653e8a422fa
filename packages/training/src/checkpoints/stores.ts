/** Where checkpoints are kept, by name: a folder, a browser's database, or something of your own. */
export interface CheckpointStore {
  /** The names there are, in any order. */
  list(): Promise<string[]>;
  /** @throws Error when there is none of that name, or it can't be read */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes all of it or nothing; what had that name before stays until then. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Does nothing where there is none of that name. */
  remove(name: string): Promise<void>;
  /**
   * Keeps other runs out, those of other tabs, workers and processes too. Default: only a second run with the same object
   * is kept out.
   *
   * @returns a function that lets them in again
   * @throws StoreInUseError when another run has it
   */
  lock?(): Promise<() => Promise<void>>;
}

/** Another run writes into the store: in this page, another tab or worker, or another process. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';
}

const claimed = new WeakSet<CheckpointStore>();

/**
 * Makes a store one run's own.
 *
 * @returns a function that lets go of it
 * @throws StoreInUseError when another run has it
 */
export async function claimStore(store: CheckpointStore): Promise<() => Promise<void>> {
  if (claimed.has(store)) {
    throw new StoreInUseError(
      'the checkpoint store is in use by another run of this program; wait for its end, close() its checkpoints, or give ' +
        'this run a store of its own',
    );
  }
  claimed.add(store);
  try {
    const unlock = await store.lock?.();
    return async () => {
      claimed.delete(store);
      await unlock?.();
    };
  } catch (error) {
    claimed.delete(store);
    throw error;
  }
}

/** The name of a step's checkpoint: `step-00000100.safetensors`. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(8, '0')}.safetensors`;
}

/** The step of a checkpoint by its name, or nothing if it isn't one. */
export function stepOfName(name: string): number | undefined {
  const digits = /^step-(\d{8,15})\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Hands each checkpoint to the user as a download of the browser, under its name. A page can't look at what was downloaded,
 * so that nothing is listed, read or removed: a file that the user gives back is read by `decodeCheckpoint`. For a last
 * checkpoint rather than for one a minute.
 */
export function downloadStore(): CheckpointStore {
  return {
    list: () => Promise.resolve([]),
    read: (name) =>
      Promise.reject(
        new Error(
          `downloadStore: ${name} can't be read by a page; let the user choose the file, and decode it`,
        ),
      ),
    write(name, bytes) {
      const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
      try {
        const link = document.createElement('a');
        link.href = url;
        link.download = name;
        link.click();
      } finally {
        // The download holds on to the bytes until the browser has them; it begins after this turn of the event loop.
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      }
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
  };
}
