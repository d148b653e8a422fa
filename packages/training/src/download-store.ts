import type { CheckpointStore } from './checkpoint-store.js';

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
