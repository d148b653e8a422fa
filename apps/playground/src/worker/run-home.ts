import { keptSteps, memoryLogs, type MemoryLogs, type Run, type RunLogs } from '@llm101/runs';
import {
  type Checkpoints,
  type CheckpointStore,
  importCheckpoint,
  indexedDbStore,
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

/** Puts what a run brings where it is kept: a checkpoint that is there already stays. */
export async function bringHome({ id, brought }: RunRequest): Promise<CheckpointStore> {
  const store = indexedDbStore(databaseOf(id));
  if (brought === undefined) return store;
  const { checkpoint, logs } = brought;
  if (checkpoint !== undefined) await importCheckpoint(store, checkpoint);
  await writeLogs(store, logs);
  return store;
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
