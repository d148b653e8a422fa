import type { Cut } from '../step/pieces.js';
import type { Replica } from '../step/replica.js';
import type { Exchange, StepJob } from './exchange.js';
import type { Remote } from './remote.js';
import { controlBytes, SharedMemory } from './shared-memory.js';

/** How long this thread sleeps at most until it lets the event loop run, in milliseconds. */
const HOLD_MS = 8;

type Products = ReturnType<Exchange['compute']>;

/** Products in memory that all threads see. */
export class SharedExchange implements Exchange {
  readonly #replica: Replica;
  readonly #remotes: readonly Remote[];
  readonly #cut: Cut;
  readonly #sleepMs = canSleep() ? HOLD_MS : 0;
  #batch = new SharedArrayBuffer(0);
  #products = new SharedArrayBuffer(0);
  readonly #directions: SharedArrayBuffer;
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
    this.#directions = new SharedArrayBuffer(4 * replica.directionsLength);
  }

  compute(job: StepJob): Products {
    const { batch, shards, total } = job;
    if (this.#memory?.holds(batch, shards.length) === false)
      return this.pause().then(() => this.compute(job));
    const memory = (this.#memory ??= this.#enter(job));
    memory.publish(job);
    const threads = this.#remotes.length + 1;
    const products = memory.products.slice(0, shards.length);
    const computed = this.#meet(memory, products, () => {
      for (let s = 0; s < shards.length; s += threads) {
        this.#replica.compute(batch, shards[s], total, products[s]);
      }
      if (!this.#hasFlags) memory.writeFlags(this.#replica.reached ?? []);
      this.#hasFlags = true;
    });
    if (this.#replica.directionsLength === 0) return computed;
    const direct = (): Products =>
      this.#meet(memory, products, () => this.#replica.direct(products, memory.directions));
    return computed instanceof Promise ? computed.then(direct) : direct();
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
      directions: this.#directions,
    };
    this.#hasFlags = false;
    this.#steps = this.#remotes.map((remote, i) =>
      remote.ask('steps', { ...buffers, thread: i + 1 }),
    );
    return new SharedMemory({ ...buffers, thread: 0 });
  }

  /** Does this thread's part and waits for those of the others. @returns the products, once all are done */
  #meet(memory: SharedMemory, products: readonly Float32Array[], part: () => void): Products {
    try {
      part();
    } catch (error) {
      return this.#fail(memory, error);
    }
    memory.arrive();
    const result = (): Products => {
      const { failed } = memory;
      return failed === undefined ? products : this.#steps[failed - 1].then(() => []); // rejects with its reason
    };
    if (memory.awaitOthers(this.#sleepMs)) return result();
    return this.#awaitMessage(memory).then(result);
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
