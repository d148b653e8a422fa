/** What this browser keeps of runs, besides their checkpoints: a closed tab goes on where it was. */
import { databaseOf, LIBRARY } from '../databases.js';
import type { Flags, OwnText, Problem, RunFacts, RunState } from '../protocol.js';
import type { ColorName } from '../charts/canvas.js';
import type { SavedCurve } from '../charts/curve.js';
import type { Basis } from '../run-requests.js';
import type { Fingerprint, Samples, Validation } from '../happenings.js';

/** A run as it is kept. */
export interface KeptRun {
  readonly id: string;
  readonly name: string;
  readonly flags: Flags;
  readonly text: OwnText | undefined;
  /** What it began with besides. */
  readonly basis: Basis | undefined;
  /** In every chart, for as long as it is kept. */
  readonly color: ColorName;
  /** By the clock, in milliseconds since 1970. */
  readonly createdMs: number;
  /** Whether the page had it open when it was closed. */
  readonly isOpen: boolean;
  /** Whether someone has removed it: it is forgotten when the page is opened the next time. */
  readonly isRemoved: boolean;
  readonly step: number;
  readonly state: RunState;
  /** Why it failed, where it has. */
  readonly problem?: Problem | undefined;
  readonly facts: RunFacts | undefined;
  readonly validations: readonly Validation[];
  readonly samples: readonly Samples[];
  readonly fingerprint: Fingerprint | undefined;
  readonly trainLoss: number;
  readonly learningRate?: number;
  readonly stepsPerSecond: number;
  /** Seconds that it has trained; none of a run of before. */
  readonly seconds?: number;
  readonly losses: SavedCurve;
  readonly rates: SavedCurve;
  readonly speeds?: SavedCurve;
}

const RUNS = 'runs';

/** All runs that are kept, the oldest first; none where the browser keeps nothing, as in a private window of some. */
export async function keptRuns(): Promise<KeptRun[]> {
  const found = (await inLibrary('readonly', (table) => table.getAll())) as KeptRun[];
  return found.sort((a, b) => a.createdMs - b.createdMs);
}

/** @throws Error where the browser has no room for it */
export async function keepRun(run: KeptRun): Promise<void> {
  await inLibrary('readwrite', (table) => table.put(run, run.id));
}

/** Forgets a run, and its checkpoints. */
export async function forgetRun(id: string): Promise<void> {
  await inLibrary('readwrite', (table) => table.delete(id));
  indexedDB.deleteDatabase(databaseOf(id));
}

/** A run as it is kept now; another tab may have trained it meanwhile. */
export async function keptRun(id: string): Promise<KeptRun | undefined> {
  return (await keptRuns()).find((one) => one.id === id);
}

async function inLibrary<T>(
  mode: IDBTransactionMode,
  ask: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const connection = await open();
  try {
    const transaction = connection.transaction(RUNS, mode);
    const request = ask(transaction.objectStore(RUNS));
    return await new Promise<T>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve(request.result));
      transaction.addEventListener('abort', () =>
        reject(transaction.error ?? new Error(`the browser could not change ${LIBRARY}`)),
      );
    });
  } finally {
    connection.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(LIBRARY, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(RUNS));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error(`no ${LIBRARY}`)));
  });
}
