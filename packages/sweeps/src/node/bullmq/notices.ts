import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.js';
import { run, TIDY } from './scripts.js';

/** For how long a Redis may not have written down what it was told; by `appendfsync everysec` about 2 seconds. */
const FORGOTTEN_MS = 10_000;

interface Connections {
  readonly client: Redis;
  /** Waits for notices. */
  readonly reader: Redis;
  readonly keys: QueueKeys;
}

/** Settings of {@link Notices}. */
export interface NoticesOptions {
  readonly sweep: string;
  /** Names of jobs whose results are recorded already. */
  readonly recorded: Iterable<string>;
  /** A job is done that isn't recorded. */
  readonly onResult: (id: string) => void;
  /** A job that is recorded is taken out of Redis. */
  readonly onForget: (id: string) => void;
}

/** Hears which jobs of a sweep are done, and takes out of Redis those that are recorded, however often they come. */
export class Notices {
  readonly #redis: Connections;
  readonly #options: NoticesOptions;
  readonly #stream: string;
  readonly #recorded: Set<string>;
  /** Those of jobs that aren't recorded. */
  readonly #heard = new Map<string, string>();
  /** Jobs that were taken out lately, by when that was. */
  readonly #recent = new Map<string, number>();
  readonly #loop: Promise<void>;
  #isClosed = false;

  constructor(redis: Connections, options: NoticesOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#stream = redis.keys.notices(options.sweep);
    this.#recorded = new Set(options.recorded);
    this.#loop = this.#read();
    redis.client.on('ready', () => void this.#forgetAgain());
  }

  /** A job is given out, maybe again. */
  expect(id: string): void {
    this.#recorded.delete(id);
  }

  /** Takes a job that is recorded out of Redis. */
  async forget(id: string): Promise<void> {
    const { client, keys } = this.#redis;
    this.#recorded.add(id);
    this.#remember(id);
    await client.del(keys.hash(id));
    this.#options.onForget(id);
    const notice = this.#heard.get(id);
    if (notice !== undefined) await client.xdel(this.#stream, notice);
    this.#heard.delete(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const { client, reader } = this.#redis;
    reader.disconnect();
    await this.#loop;
    if (client.status !== 'ready') return;
    await this.#tidy().catch(() => {}); // what stays is deleted by its time
  }

  #remember(id: string): void {
    const nowMs = performance.now();
    this.#recent.set(id, nowMs);
    for (const [old, ms] of this.#recent) {
      if (nowMs - ms < FORGOTTEN_MS) break;
      this.#recent.delete(old);
    }
  }

  /** A Redis that has crashed may have forgotten what it was told last: jobs that were taken out are taken out again. */
  async #forgetAgain(): Promise<void> {
    const { client, keys } = this.#redis;
    try {
      for (const id of this.#recent.keys()) await client.del(keys.hash(id));
    } catch {
      // it is gone again
    }
  }

  async #read(): Promise<void> {
    const { reader } = this.#redis;
    let last = '0';
    let isAgain = false;
    reader.on('ready', () => (isAgain = true)); // what was deleted there may be back, as above
    while (!this.#isClosed) {
      if (isAgain) last = '0';
      isAgain = false;
      try {
        const stream = this.#stream;
        const reply = await reader.xread('COUNT', 100, 'BLOCK', 2000, 'STREAMS', stream, last);
        for (const [notice, fields] of reply?.[0]?.[1] ?? []) {
          last = notice;
          await this.#hear(fields?.[1] ?? '', notice);
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100)); // it isn't there, or is closed
      }
    }
  }

  async #hear(id: string, notice: string): Promise<void> {
    this.#heard.set(id, notice);
    if (this.#recorded.has(id)) await this.forget(id);
    else this.#options.onResult(id);
  }

  /** Takes out what is recorded and is there nevertheless. */
  async #tidy(): Promise<void> {
    const { client } = this.#redis;
    for (const [notice, fields] of await client.xrange(this.#stream, '-', '+', 'COUNT', 10_000)) {
      const id = fields?.[1] ?? '';
      this.#heard.set(id, notice);
      if (this.#recorded.has(id)) await this.forget(id);
    }
    await run(client, TIDY, [this.#stream], []);
  }
}
