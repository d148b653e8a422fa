import { parseRow } from '../spool/run-record.js';
import type { ServerRun, StreamRequest, WandbApi } from './wandb-api.js';
import { WandbError } from './wandb-error.js';
import type { Spool } from '../spool/spool.js';
import { waitMs, type WandbTimings } from '../settings/settings.js';

/** Sends what a spool holds, in order, from where the server has it. */
export class Sender {
  readonly #spool: Spool;
  readonly #api: WandbApi;
  /** The configuration that the server has. */
  #config: object | undefined;
  #run: ServerRun | undefined;
  /** The last value under each name, of the rows that the server has. */
  readonly #summary = new Map<string, unknown>();

  constructor(spool: Spool, api: WandbApi) {
    this.#spool = spool;
    this.#api = api;
    const { sentLines } = spool.state;
    if (sentLines > 0) this.#sumUp(spool.lines().slice(0, sentLines));
  }

  /** Once the server has answered. */
  get run(): ServerRun | undefined {
    return this.#run;
  }

  /**
   * Sends all that is there now; once the run has ended, its end too. What the server has got stays sent when a later
   * request fails.
   *
   * @param heartbeat - say that the run is alive if there is nothing else to say
   * @returns whether anything was said
   * @throws WandbError
   */
  async sendNews(heartbeat: boolean, signal?: AbortSignal): Promise<boolean> {
    const spool = this.#spool;
    const run = await this.#upsert(signal);
    let sent = false;
    for (let news = spool.unsent(); news.lines.length > 0; news = spool.unsent()) {
      this.#sumUp(news.lines);
      const summary = JSON.stringify(Object.fromEntries(this.#summary));
      const request: StreamRequest = {
        files: {
          'wandb-history.jsonl': { offset: spool.state.sentLines, content: news.lines },
          'wandb-summary.json': { offset: 0, content: [summary] },
        },
      };
      await this.#api.stream(run, request, signal);
      spool.acknowledge(news);
      sent = true;
    }
    const { exitCode, complete } = spool.state;
    if (exitCode !== undefined && !complete) {
      await this.#api.stream(run, { complete: true, exitcode: exitCode }, signal);
      spool.complete();
      return true;
    }
    if (heartbeat && !sent) await this.#api.stream(run, {}, signal);
    return sent || heartbeat;
  }

  #sumUp(lines: readonly string[]): void {
    for (const line of lines) {
      for (const [name, value] of Object.entries(parseRow(line) ?? {}))
        this.#summary.set(name, value);
    }
  }

  async #upsert(signal?: AbortSignal): Promise<ServerRun> {
    const { record } = this.#spool;
    if (this.#run === undefined || this.#config !== record.config) {
      this.#run = await this.#api.upsertRun(record, signal);
      this.#config = record.config;
    }
    return this.#run;
  }
}

/** What a {@link BackgroundSender} works with. */
export interface BackgroundSenderOptions {
  readonly spool: Spool;
  readonly sender: Sender;
  readonly timings: WandbTimings;
  /** Called with a line about what people should know. */
  readonly onMessage: (message: string) => void;
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

  /** Sends what is left; gives up after `finishMs`. The end of the run must be in the spool. */
  async finish(): Promise<void> {
    const timer = setTimeout(() => {
      this.#deadline.abort();
      this.#wake();
    }, this.#options.timings.finishMs);
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
        if (this.#url === undefined && sender.run) onMessage(`W&B: ${sender.run.url}`);
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
    const { spool, onMessage } = this.#options;
    const isOver = this.#deadline.signal.aborted;
    if (!isOver || this.#problem === undefined) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    const kept = `W&B: ${this.#problem}; the run is kept in ${spool.folder}`;
    if (error instanceof WandbError && error.isPassing && !isOver) {
      if (!this.#isReported) onMessage(`${kept} and sent later`);
      this.#isReported = true;
      return true;
    }
    onMessage(`${kept}, llm101 wandb sync ${spool.folder} sends it`);
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
