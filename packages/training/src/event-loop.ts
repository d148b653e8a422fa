/** How long work may hold the event loop, in milliseconds, and how long while something waits for it. */
const HOLD_MS = 50;
const URGENT_MS = 3;

/**
 * A function to await between pieces of work: about every 50 ms it lets the event loop run, so that a page stays
 * responsive and signals arrive; otherwise it costs next to nothing.
 *
 * @param isUrgent - whether something waits for the event loop, so that it should run every 3 ms
 */
export function eventLoopYielder(isUrgent = () => false): () => Promise<void> | undefined {
  let lastMs = performance.now();
  return () => {
    if (performance.now() - lastMs < (isUrgent() ? URGENT_MS : HOLD_MS)) return undefined;
    return new Promise((resolve) => {
      const resume = (): void => {
        lastMs = performance.now();
        resolve();
      };
      // A browser has no setImmediate, and waits up to 4 ms for a timer.
      if (typeof setImmediate === 'function') setImmediate(resume);
      else setTimeout(resume);
    });
  };
}
