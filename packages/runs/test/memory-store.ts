import type { CheckpointStore } from '@llm101/training';

/** Checkpoints in memory, in place of a page's database. */
export function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    list: async () => [...files.keys()],
    read: async (name) => files.get(name) ?? new Uint8Array(),
    write: async (name, bytes) => void files.set(name, bytes),
    remove: async (name) => void files.delete(name),
  };
}
