import { keptSteps, memoryLogs, type MemoryLogs, type Run, type RunLogs } from '@llm101/runs';
import {
  type Checkpoints,
  type CheckpointStore,
  describeError,
  importCheckpoint,
  indexedDbStore,
  StoreInUseError,
} from '@llm101/training';
import { databaseOf } from '../databases.js';
import type { RunRequest } from '../protocol.js';

/** Where the logs are, beside the checkpoints. */
const LOGS = 'logs.json';

/** Where a run is kept in this browser, and what its folder has besides what the run itself knows. */
export interface RunHome {
  readonly store: CheckpointStore;
  readonly logs: MemoryLogs;
  readonly request: RunRequest;
  /** Keeps the run as it is, between two steps. */
  readonly keep: () => Promise<void>;
}

/**
 * Puts what a run brings where it is kept: a checkpoint that is there already stays. Where the browser has no room at all the run is kept in
 * memory, for as long as the page is open.
 *
 * @param warn - gets why it isn't kept
 */
export async function bringHome(
  { id, brought }: RunRequest,
  warn: (message: string) => void,
): Promise<CheckpointStore> {
  const store = await usableStore(databaseOf(id), warn);
  if (brought === undefined) return store;
  const { checkpoint, logs } = brought;
  if (checkpoint !== undefined) await importCheckpoint(store, checkpoint);
  await writeLogs(store, logs);
  return store;
}

async function usableStore(
  database: string,
  warn: (message: string) => void,
): Promise<CheckpointStore> {
  try {
    const store = indexedDbStore(database);
    await store.list();
    const release = await store.lock?.(); // which writes
    await release?.();
    return store;
  } catch (error) {
    if (error instanceof StoreInUseError) throw error;
    warn(`the run is lost when this tab is closed: ${describeError(error)}`);
    return memoryStore();
  }
}

function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    list: async () => [...files.keys()],
    read: async (name) => {
      const file = files.get(name);
      if (file === undefined) throw new Error(`${name} must be there to be read; it is not`);
      return file.slice();
    },
    write: async (name, bytes) => void files.set(name, bytes.slice()),
    remove: async (name) => void files.delete(name),
  };
}

/** The logs of a run as far as it has come; others are added while it trains. */
export async function openLogs(
  store: CheckpointStore,
  { settings }: Run,
  resumed: Awaited<ReturnType<Checkpoints['resume']>>,
): Promise<MemoryLogs> {
  const names = await store.list();
  const before = names.includes(LOGS) ? readLogs(await store.read(LOGS)) : {};
  return memoryLogs(before, keptSteps(resumed, { before: settings, settings }));
}

/** Before a checkpoint is written, so that no line of a step is missing that is done. */
export async function writeLogs(store: CheckpointStore, logs: RunLogs): Promise<void> {
  await store.write(LOGS, new TextEncoder().encode(JSON.stringify(logs)));
}

const readLogs = (bytes: Uint8Array): Partial<RunLogs> =>
  JSON.parse(new TextDecoder().decode(bytes)) as Partial<RunLogs>;
