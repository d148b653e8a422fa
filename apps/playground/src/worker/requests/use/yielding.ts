/** Milliseconds that work may hold a worker's messages up. */
const HOLD_MS = 30;

/**
 * A function to await between pieces of work: now and then it lets messages arrive, and ends the work where nobody wants it any more.
 *
 * @returns what throws an `AbortError` once the signal is aborted
 */
export function yielder(signal: AbortSignal): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    if (performance.now() - lastMs < HOLD_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    lastMs = performance.now();
    signal.throwIfAborted();
  };
}
