import { describeError } from '../describe-error.js';
import { lockByName, type NamedLock } from './locks.js';
import { StoreInUseError, type CheckpointStore } from './stores.js';

const TABLE = 'checkpoints';

/** Beside the checkpoints: which run writes. No checkpoint has such a name. */
const WRITER = '.writer';

/**
 * Keeps checkpoints in a database of the browser, IndexedDB, across reloads. A write is one transaction, so that all of it is
 * done or nothing, and it counts as done once the browser has it on the disk, where that knows `durability`.
 *
 * One run has it at a time, in all tabs and workers of the site: by a Web Lock, or where the browser has none (pages that
 * aren't `https:` or `localhost`), by asking the others over a BroadcastChannel. Besides, each write checks that no other
 * run has taken the database meanwhile.
 *
 * @param database - its name; one for each run, so that their steps don't mix
 */
export function indexedDbStore(database: string): CheckpointStore {
  let held: NamedLock | undefined;
  return {
    async list() {
      const keys = await inTransaction(database, 'readonly', (table) => table.getAllKeys());
      return keys.map(String).filter((name) => name !== WRITER);
    },
    async read(name) {
      const found: unknown = await inTransaction(database, 'readonly', (table) => table.get(name));
      if (found instanceof Uint8Array) return new Uint8Array(found);
      throw new Error(`indexedDbStore: ${database} must hold ${name} to read it; it does not`);
    },
    async write(name, bytes) {
      await changeAs(database, held, (table) => table.put(bytes, name));
    },
    async remove(name) {
      await changeAs(database, held, (table) => table.delete(name));
    },
    async lock() {
      const lock = await lockByName(`llm101 checkpoints ${database}`, {
        writer: () => inTransaction<unknown>(database, 'readonly', (table) => table.get(WRITER)),
        take: (id, before) =>
          changeIf(database, { writer: before, change: (table) => table.put(id, WRITER) }),
      });
      if (lock === undefined) throw inUse(database);
      held = lock;
      return async () => {
        held = undefined;
        await lock.release();
      };
    },
  };
}

const inUse = (database: string): StoreInUseError =>
  new StoreInUseError(
    `the checkpoints in the database ${database} are in use by another run, in another tab or worker or in this page; ` +
      'close it, wait for its end, or give this run a database of its own',
  );

/** A change by the run that holds the lock, if one does. */
async function changeAs<T>(
  database: string,
  lock: NamedLock | undefined,
  change: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<void> {
  if (lock === undefined) {
    await inTransaction(database, 'readwrite', change);
  } else if (!(await changeIf(database, { writer: lock.id, change }))) {
    throw inUse(database);
  }
}

/** A change that is done only if the writer is still the one that is named. @returns whether it was done */
async function changeIf(
  database: string,
  { writer, change }: { writer: unknown; change: (table: IDBObjectStore) => unknown },
): Promise<boolean> {
  let isSame = false;
  await inTransaction(database, 'readwrite', (table) => {
    const found = table.get(WRITER);
    found.addEventListener('success', () => {
      isSame = found.result === writer;
      if (!isSame) return;
      try {
        change(table);
      } catch (error) {
        refusals.set(table.transaction, error);
        table.transaction.abort();
      }
    });
    return found;
  });
  return isSame;
}

/** Why transactions were given up, where it was an exception. */
const refusals = new WeakMap<IDBTransaction, unknown>();

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
      transaction.addEventListener('abort', () =>
        reject(errorOf(database, refusals.get(transaction) ?? transaction.error)),
      );
    });
  } finally {
    connection.close();
  }
}

function open(database: string): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') {
    throw new TypeError(
      'indexedDbStore: there must be an IndexedDB, as browsers have; got none, in Node take fileStore',
    );
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(TABLE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(errorOf(database, request.error)));
  });
}

const errorOf = (database: string, cause: unknown): Error =>
  new Error(
    `indexedDbStore: ${database}: ${
      cause === null ? 'the browser refused, and did not say why' : describeError(cause)
    }`,
    { cause },
  );
