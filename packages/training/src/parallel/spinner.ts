/** How long to look at memory again and again at most, in milliseconds: what it takes to wake a thread that sleeps. */
const MOST_MS = 0.05;
const LEAST_MS = 0.002;
/** As often at most, some 100 µs, where the clock of a page is too coarse to tell. */
const MOST_ROUNDS = 200;
/** Of so many waits one is long again, whatever was learned before. */
const TRIED_AGAIN = 16;

/**
 * Waits for what another thread is about to do without sleeping, which would take 40 µs to end. Where it doesn't come in time it
 * looks for a shorter while next time, so that a core isn't burnt for nothing where others need it.
 */
export class Spinner {
  #limitMs = MOST_MS;
  #waits = 0;

  /** @returns whether it has come true in time */
  spin(isDone: () => boolean): boolean {
    if (isDone()) return true;
    const limitMs = ++this.#waits % TRIED_AGAIN === 0 ? MOST_MS : this.#limitMs;
    const end = performance.now() + limitMs;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (let i = 0; i < 100; i++) {
        if (!isDone()) continue;
        this.#limitMs = Math.min(Math.max(limitMs, this.#limitMs) * 2, MOST_MS);
        return true;
      }
      if (performance.now() >= end) break;
    }
    this.#limitMs = Math.max(this.#limitMs / 2, LEAST_MS);
    return false;
  }
}
