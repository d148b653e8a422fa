/** How long work may hold the event loop, in milliseconds, and how long while something waits for it. A frame takes 16 ms. */
const HOLD_MS = 8;
const URGENT_MS = 3;

/**
 * A function to await between pieces of work: about every 8 ms it lets the event loop run, so that a page draws every
 * frame and signals arrive; otherwise it costs next to nothing.
 *
 * @param isUrgent - whether something waits for the event loop, so that it should run every 3 ms
 */
export function eventLoopYielder(isUrgent = () => false): () => Promise<void> | undefined {
  let lastMs = performance.now();
  return () => {
    if (performance.now() - lastMs < (isUrgent() ? URGENT_MS : HOLD_MS)) return undefined;
    return eventLoopTurn().then(() => {
      lastMs = performance.now();
    });
  };
}

let posted: ReturnType<typeof messages> | undefined;

/** Lets the event loop run once: what has arrived is handled before it resolves. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else (posted ??= messages())(resolve);
  });
}

/**
 * What a browser has instead of `setImmediate`: a message to oneself comes after all that waits already. A timer would
 * wait up to 4 ms, and what `scheduler.yield` resumes goes ahead of other work, such as IndexedDB's.
 */
function messages(): (work: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  return (work) => {
    port1.addEventListener('message', work, { once: true });
    port2.postMessage(undefined);
  };
}
