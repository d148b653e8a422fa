import type { Sender } from './sender.js';
import { waitMs, type WandbTimings } from '../settings/timings.js';
import type { Spool } from '../spool/spool.js';
import { WandbError } from './wandb-error.js';

/** Called with a line about what people should know: where the run is seen, or what went wrong. */
export type OnMessage = (message: string, kind: 'info' | 'problem') => void;

/** What a {@link BackgroundSender} works with. */
export interface BackgroundSenderOptions {
  readonly spool: Spool;
  readonly sender: Sender;
  readonly timings: WandbTimings;
  /** Called with a line about what people should know. */
  readonly onMessage: OnMessage;
  /** How a run that isn't sent can be sent later, such as `llm101 wandb sync FOLDER`. */
  readonly remedy: string;
}

/** Sends a run while it trains, again and again until the server has it. It never throws. */
export class BackgroundSender {
  readonly #options: BackgroundSenderOptions;
  readonly #deadline = new AbortController();
  readonly #done: Promise<void>;
  #wake: () => void = () => {};
  #finishing = false;
  #failures = 0;
  #isReported = false;
  #url: string | undefined;
  /** Why the last request failed. */
  #problem: string | undefined;

  constructor(options: BackgroundSenderOptions) {
    this.#options = options;
    this.#done = this.#work();
  }

  /** Sends what is left; gives up after a while. The end of the run must be in the spool. */
  async finish(patienceMs = this.#options.timings.finishMs): Promise<void> {
    const timer = setTimeout(() => {
      this.#deadline.abort();
      this.#wake();
    }, patienceMs);
    this.#finishing = true;
    this.#failures = 0;
    this.#wake();
    await this.#done;
    clearTimeout(timer);
  }

  async #work(): Promise<void> {
    const { spool, sender, timings, onMessage } = this.#options;
    let sentMs = performance.now();
    await this.#pause(0); // what is configured right after the start goes with the first request
    while (!spool.state.complete) {
      try {
        const isQuiet = performance.now() - sentMs >= timings.heartbeatMs;
        if (await sender.sendNews(isQuiet, this.#deadline.signal)) sentMs = performance.now();
        if (this.#url === undefined && sender.run) onMessage(`W&B: ${sender.run.url}`, 'info');
        this.#url = sender.run?.url;
        this.#failures = 0;
        if (!this.#finishing) await this.#pause(timings.flushMs);
      } catch (error) {
        if (!this.#mayRepeat(error)) return;
        await this.#pause(this.#patience(error));
      }
    }
  }

  /** Whether to try again after an error; says why, once, and at the end how the run can be sent otherwise. */
  #mayRepeat(error: unknown): boolean {
    const { spool, onMessage, remedy } = this.#options;
    const isOver = this.#deadline.signal.aborted;
    if (!isOver || this.#problem === undefined) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    const kept = `W&B: ${this.#problem}; the run is kept in ${spool.folder}`;
    if (error instanceof WandbError && error.isPassing && !isOver) {
      if (!this.#isReported) onMessage(`${kept} and sent later`, 'problem');
      this.#isReported = true;
      return true;
    }
    onMessage(`${kept}, ${remedy} sends it`, 'problem');
    return false;
  }

  #patience(error: unknown): number {
    const asked = error instanceof WandbError ? error.retryAfterMs : undefined;
    return waitMs(this.#options.timings, this.#failures++, asked);
  }

  /** Doesn't keep the process alive, unless `finish` waits for it. */
  #pause(ms: number): Promise<void> {
    if (this.#deadline.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (!this.#finishing) timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
