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
}

const TABLE = 'checkpoints';

/**
 * Keeps checkpoints in a database of the browser, IndexedDB. A write is one transaction, so that all of it is done or
 * nothing, and it counts as done once the browser has it on the disk, where that knows `durability`.
 *
 * @param database - its name; one for each run, so that their steps don't mix
 */
export function indexedDbStore(database: string): CheckpointStore {
  return {
    async list() {
      const keys = await inTransaction(database, 'readonly', (table) => table.getAllKeys());
      return keys.map(String);
    },
    async read(name) {
      const found: unknown = await inTransaction(database, 'readonly', (table) => table.get(name));
      if (found instanceof Uint8Array) return new Uint8Array(found);
      throw new Error(`indexedDbStore: ${database} must hold ${name} to read it; it does not`);
    },
    async write(name, bytes) {
      await inTransaction(database, 'readwrite', (table) => table.put(bytes, name));
    },
    async remove(name) {
      await inTransaction(database, 'readwrite', (table) => table.delete(name));
    },
  };
}

/** The result of a request, once its transaction is complete. */
async function inTransaction<T>(
  database: string,
  mode: IDBTransactionMode,
  ask: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const connection = await open(database);
  try {
    const transaction = connection.transaction(TABLE, mode, { durability: 'strict' });
    const request = ask(transaction.objectStore(TABLE));
    return await new Promise<T>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve(request.result));
      // A full disk comes as an abort, with a QuotaExceededError.
      transaction.addEventListener('abort', () => reject(errorOf(transaction.error)));
    });
  } finally {
    connection.close();
  }
}

function open(database: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(TABLE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(errorOf(request.error)));
  });
}

const errorOf = (error: DOMException | null): Error =>
  error ?? new Error('indexedDbStore: the browser refused, and did not say why');

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
