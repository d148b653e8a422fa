import type { Cut } from '../step/pieces.js';
import type { Replica } from '../step/replica.js';
import type { Exchange, StepJob } from './exchange.js';
import type { Remote } from './remote.js';
import { controlBytes, SharedMemory } from './shared-memory.js';

/** How long this thread sleeps at most until it lets the event loop run, in milliseconds. */
const HOLD_MS = 8;

/** Products in memory that all threads see. */
export class SharedExchange implements Exchange {
  readonly #replica: Replica;
  readonly #remotes: readonly Remote[];
  readonly #cut: Cut;
  readonly #sleepMs = canSleep() ? HOLD_MS : 0;
  #batch = new SharedArrayBuffer(0);
  #products = new SharedArrayBuffer(0);
  /** Shards that there are products of. */
  #used = 0;
  /** While the others take steps. */
  #memory: SharedMemory | undefined;
  #steps: readonly Promise<void>[] = [];
  #hasFlags = false;

  constructor(replica: Replica, remotes: readonly Remote[], cut: Cut) {
    this.#replica = replica;
    this.#remotes = remotes;
    this.#cut = cut;
  }

  compute(job: StepJob): readonly Float32Array[] | Promise<readonly Float32Array[]> {
    const { batch, shards, total } = job;
    if (this.#memory?.holds(batch, shards.length) === false)
      return this.pause().then(() => this.compute(job));
    const memory = (this.#memory ??= this.#enter(job));
    memory.publish(job);
    const threads = this.#remotes.length + 1;
    try {
      for (let s = 0; s < shards.length; s += threads) {
        this.#replica.compute(batch, shards[s], total, memory.products[s]);
      }
    } catch (error) {
      return this.#fail(memory, error);
    }
    if (!this.#hasFlags) memory.writeFlags(this.#replica.reached ?? []);
    this.#hasFlags = true;
    memory.arrive();
    if (memory.awaitOthers(this.#sleepMs)) return this.#result(memory, job);
    return this.#awaitMessage(memory).then(() => this.#result(memory, job));
  }

  share(products: readonly Float32Array[]): readonly Float32Array[] {
    return products; // each thread sums them itself
  }

  async pause(): Promise<void> {
    this.#memory?.leave();
    this.#memory = undefined;
    await Promise.all(this.#steps);
  }

  end(): void {
    this.#memory?.leave();
    this.#memory = undefined;
  }

  /** Has the others take steps in memory that holds such a batch. */
  #enter({ batch, shards }: StepJob): SharedMemory {
    if (this.#used < shards.length) {
      this.#used = shards.length;
      this.#products = new SharedArrayBuffer(4 * 2 * this.#used * this.#replica.length);
    }
    const values = Math.max(batch.inputs.length, batch.targets.length);
    if (this.#batch.byteLength < 12 * values) this.#batch = new SharedArrayBuffer(12 * values);
    const buffers = {
      ...this.#cut,
      threads: this.#remotes.length + 1,
      length: this.#replica.length,
      control: new SharedArrayBuffer(controlBytes(this.#replica.parameters)),
      batch: this.#batch,
      products: this.#products,
      used: this.#used,
    };
    this.#hasFlags = false;
    this.#steps = this.#remotes.map((remote, i) =>
      remote.ask('steps', { ...buffers, thread: i + 1 }),
    );
    return new SharedMemory({ ...buffers, thread: 0 });
  }

  #result(
    memory: SharedMemory,
    { shards }: StepJob,
  ): readonly Float32Array[] | Promise<readonly Float32Array[]> {
    const { failed } = memory;
    if (failed === undefined) return memory.products.slice(0, shards.length);
    return this.#steps[failed - 1].then(() => []); // rejects with its reason
  }

  /** Sleeps without holding the event loop. */
  async #awaitMessage(memory: SharedMemory): Promise<void> {
    for (;;) {
      const arrived = new Promise<void>((resolve) => {
        for (const remote of this.#remotes) remote.onArrived = resolve;
      });
      if (memory.wantMessage()) return;
      const dead = this.#remotes.find((remote) => remote.dead)?.dead;
      if (dead !== undefined) await this.#fail(memory, dead);
      await arrived;
    }
  }

  /** Sends the others back, and throws. */
  async #fail(memory: SharedMemory, error: unknown): Promise<never> {
    memory.fail(0);
    this.#memory = undefined;
    await Promise.allSettled(this.#steps);
    throw error;
  }
}

/** The main thread of a page must not sleep. */
function canSleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
