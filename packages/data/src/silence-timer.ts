/** Aborts once nothing has come for a while: `start` again whenever something has. */
export class SilenceTimer {
  readonly #controller = new AbortController();
  readonly #patienceMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param patienceMs - from now on, and from each start on */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get description(): string {
    return `nothing came for ${this.#patienceMs / 1000} s`;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#patienceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
