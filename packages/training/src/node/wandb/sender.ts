import type { ServerRun, StreamRequest, WandbApi } from './wandb-api.js';
import type { Spool } from './spool.js';

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
      const row = JSON.parse(line) as Record<string, unknown>;
      for (const [name, value] of Object.entries(row)) this.#summary.set(name, value);
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
