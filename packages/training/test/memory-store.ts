import type { CheckpointStore } from '../src/index.js';

/** A store in memory, whose files a test can look at and change. */
export function memoryStore(): CheckpointStore & {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
} {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    files,
    list: () => Promise.resolve([...files.keys()]),
    read(name) {
      const bytes = files.get(name);
      return bytes === undefined
        ? Promise.reject(new Error(`no ${name}`))
        : Promise.resolve(bytes.slice());
    },
    // Later than at once, as a disk does it.
    write: (name, bytes) =>
      new Promise((resolve) => {
        setTimeout(() => resolve(void files.set(name, bytes.slice())), 2);
      }),
    remove: (name) => Promise.resolve(void files.delete(name)),
  };
}
