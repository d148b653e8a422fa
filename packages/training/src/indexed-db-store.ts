import type { CheckpointStore } from './checkpoint-store.js';

const TABLE = 'checkpoints';

/**
 * Keeps checkpoints in a database of the browser, IndexedDB. A write is one transaction, so that it is done wholly or not
 * at all, and it counts as done once the browser has it on the disk, where that knows `durability`.
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
