/** Where a run waits between two steps: it pauses here, and does here what the page asks for, so that nothing of it moves meanwhile. */
export class Gate {
  #isOpen: boolean;
  /** Steps that a closed gate lets through. */
  #let = 0;
  #isEnding = false;
  /** What is to be done between two steps. */
  readonly #work: (() => unknown)[] = [];
  #wake: (() => void) | undefined;
  readonly #onPause: () => Promise<void>;
  readonly #onResume: () => void;

  /**
   * @param isOpen - whether the run starts at once
   * @param onPause - called when it begins to wait
   * @param onResume - called when it goes on
   */
  constructor(isOpen: boolean, onPause: () => Promise<void>, onResume: () => void) {
    this.#isOpen = isOpen;
    this.#onPause = onPause;
    this.#onResume = onResume;
  }

  /** Whether the run would go through without anything being done. */
  get isFree(): boolean {
    return this.#work.length === 0 && (this.#isOpen || this.#isEnding);
  }

  open(): void {
    this.#isOpen = true;
    this.#wake?.();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Lets some steps through, and closes. */
  let(steps: number): void {
    this.#isOpen = false;
    this.#let += steps;
    this.#wake?.();
  }

  /** Lets the run come to its end. */
  end(): void {
    this.#isEnding = true;
    this.#wake?.();
  }

  /** Has something done between two steps, at once where the run waits. Nothing may be left undone when the run is over: `pass` once more. */
  do(work: () => unknown): void {
    this.#work.push(work);
    this.#wake?.();
  }

  /**
   * The run is between two steps.
   *
   * @returns nothing where it can go on
   */
  pass(): Promise<void> | undefined {
    if (this.#isEnding && this.#work.length === 0) return undefined;
    if (this.#work.length === 0 && (this.#isOpen || this.#let > 0)) {
      if (!this.#isOpen) this.#let -= 1;
      return undefined;
    }
    return this.#wait();
  }

  async #wait(): Promise<void> {
    let hasPaused = false;
    for (;;) {
      for (let work = this.#work.shift(); work !== undefined; work = this.#work.shift()) {
        await work();
      }
      if (this.#isEnding || this.#isOpen || this.#let > 0) break;
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      if (!hasPaused) {
        hasPaused = true;
        await this.#onPause();
        continue; // it may have been opened meanwhile
      }
      await woken;
      this.#wake = undefined;
    }
    if (!this.#isOpen && this.#let > 0) this.#let -= 1;
    if (hasPaused) this.#onResume();
  }
}
