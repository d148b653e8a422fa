/** Steps a second since it was last read. */
export class StepRate {
  #steps = 0;
  #sinceMs = performance.now();

  /** Counts a step. */
  count(): void {
    this.#steps++;
  }

  /** The rate in steps a second; starts counting anew. */
  read(): number {
    const nowMs = performance.now();
    const rate = (this.#steps * 1000) / Math.max(nowMs - this.#sinceMs, 1e-3);
    this.#steps = 0;
    this.#sinceMs = nowMs;
    return rate;
  }
}
