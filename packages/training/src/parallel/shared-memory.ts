import type { Batch } from '@llm101/data';
import type { Cut } from '../step/pieces.js';
import { Spinner } from './spinner.js';

/** How threads that train share memory. */
export interface SharedBuffers extends Cut {
  /** Threads that compute. */
  readonly threads: number;
  /** This one, from 0 on. */
  readonly thread: number;
  /** Numbers of a product. */
  readonly length: number;
  readonly control: SharedArrayBuffer;
  /** Inputs, targets and weights, each of at most as many values. */
  readonly batch: SharedArrayBuffer;
  /** Of each shard, twice: those of a step stay while the next is computed. */
  readonly products: SharedArrayBuffer;
  /** Shards that these are of: no more than the largest batch has rows. */
  readonly used: number;
  /** Of the optimizer, thread by thread. */
  readonly directions: SharedArrayBuffer;
}

/** What is published of a step besides its batch. */
export interface PublishedStep {
  readonly batch: Batch;
  readonly total: number;
  readonly learningRate: number;
}

/** 32-bit words of the control block, those that threads wait for in cache lines of their own. */
const STEP = 0;
const ARRIVED = 16;
const WANTED = 32;
const FAILED = 48;
const LEAVE = 64;
const SIZE = 65;
const CONTEXT = 66;
const TARGETS = 67;
const WEIGHTED = 68;
/** Total and learning rate, doubles. */
const DOUBLES = 72;
const FLAGS = 80;

/** Added to the arrivals so that nobody waits any more. */
const ALL_AND_MORE = 1 << 29;

/** Bytes of a control block, new and zero whenever threads begin to take steps, for so many parameters. */
export const controlBytes = (parameters: number): number => 4 * (FLAGS + parameters);

/**
 * Memory that threads take steps in. Thread 0 publishes a batch; each computes its shards and arrives; once all have, each
 * sums all products and updates its own replica. Products lie in one of two halves by turns, so that none is overwritten
 * before the slowest thread has read it, and one barrier a step is enough. Where the optimizer has directions, each thread computes its
 * share of them from the sum, and arrives again before the update: by the next ones, all have read these.
 */
export class SharedMemory {
  /** Those of the step, once all have arrived with theirs. */
  readonly directions: Float32Array;
  readonly #control: Int32Array;
  readonly #doubles: Float64Array;
  readonly #inputs: Int32Array;
  readonly #targets: Int32Array;
  readonly #weights: Float32Array;
  readonly #products: readonly (readonly Float32Array[])[];
  readonly #threads: number;
  readonly #spinner = new Spinner();
  /** The step that was published or seen last. */
  #step = 0;
  /** How often this thread has arrived. */
  #arrivals = 0;

  constructor(buffers: SharedBuffers) {
    const { control, batch, products, used, length, threads, directions } = buffers;
    this.directions = new Float32Array(directions);
    this.#control = new Int32Array(control);
    this.#doubles = new Float64Array(control, 4 * DOUBLES, 2);
    const values = batch.byteLength / 12;
    this.#inputs = new Int32Array(batch, 0, values);
    this.#targets = new Int32Array(batch, 4 * values, values);
    this.#weights = new Float32Array(batch, 8 * values, values);
    this.#products = [0, 1].map((half) =>
      Array.from(
        { length: used },
        (_, s) => new Float32Array(products, 4 * length * (half * used + s), length),
      ),
    );
    this.#threads = threads;
  }

  /** Where the products of the step go, shard by shard. */
  get products(): readonly Float32Array[] {
    return this.#products[this.#step & 1];
  }

  /** The thread that has failed, if one has. */
  get failed(): number | undefined {
    const thread = Atomics.load(this.#control, FAILED);
    return thread === 0 ? undefined : thread - 1;
  }

  /** Which parameters the loss depends on, as thread 0 has found. */
  readFlags(parameters: number): boolean[] {
    return Array.from({ length: parameters }, (_, i) => this.#control[FLAGS + i] === 1);
  }

  writeFlags(flags: readonly boolean[]): void {
    for (const [i, flag] of flags.entries()) this.#control[FLAGS + i] = flag ? 1 : 0;
  }

  /** Whether a batch fits, with a product for each of its shards. */
  holds({ inputs, targets }: Batch, shards: number): boolean {
    const values = Math.max(inputs.length, targets.length);
    return values <= this.#inputs.length && shards <= this.#products[0].length;
  }

  /** Thread 0 begins a step. */
  publish({ batch, total, learningRate }: PublishedStep): void {
    const { inputs, targets, weights, size, contextSize } = batch;
    const control = this.#control;
    this.#inputs.set(inputs);
    this.#targets.set(targets);
    if (weights !== undefined) this.#weights.set(weights);
    control[SIZE] = size;
    control[CONTEXT] = contextSize;
    control[TARGETS] = targets.length;
    control[WEIGHTED] = weights === undefined ? 0 : 1;
    this.#doubles[0] = total;
    this.#doubles[1] = learningRate;
    this.#next();
  }

  /** Thread 0 sends the others back to their messages; this memory is of no more use. */
  leave(): void {
    this.#control[LEAVE] = 1;
    this.#next();
  }

  #next(): void {
    this.#step = (this.#step + 1) | 0;
    Atomics.store(this.#control, STEP, this.#step);
    Atomics.notify(this.#control, STEP);
  }

  /**
   * Another thread waits for the next step.
   *
   * @returns nothing where it is to go back to its messages
   */
  awaitStep(): PublishedStep | undefined {
    const control = this.#control;
    const isNext = (): boolean => Atomics.load(control, STEP) !== this.#step;
    if (!this.#spinner.spin(isNext)) {
      while (!isNext()) Atomics.wait(control, STEP, this.#step);
    }
    this.#step = (this.#step + 1) | 0;
    if (control[LEAVE] === 1) return undefined;
    const batch = {
      size: control[SIZE],
      contextSize: control[CONTEXT],
      inputs: this.#inputs.subarray(0, control[SIZE] * control[CONTEXT]),
      targets: this.#targets.subarray(0, control[TARGETS]),
      ...(control[WEIGHTED] === 1 && { weights: this.#weights.subarray(0, control[TARGETS]) }),
    };
    return { batch, total: this.#doubles[0], learningRate: this.#doubles[1] };
  }

  /**
   * This thread has computed its shards, or its directions.
   *
   * @returns whether it is the last and another one wants a message of it
   */
  arrive(): boolean {
    this.#arrivals++;
    Atomics.add(this.#control, ARRIVED, 1);
    if (!this.#haveAllArrived()) return false;
    return this.#wake();
  }

  /** Nobody is to wait for this step any more. @returns whether another one wants a message of it */
  fail(thread: number): boolean {
    Atomics.store(this.#control, FAILED, thread + 1);
    Atomics.add(this.#control, ARRIVED, ALL_AND_MORE);
    return this.#wake();
  }

  #wake(): boolean {
    Atomics.notify(this.#control, ARRIVED);
    return Atomics.exchange(this.#control, WANTED, 0) === 1;
  }

  /**
   * Waits for the others.
   *
   * @param sleepMs - how long to sleep at most; 0 where this thread must not
   * @returns whether all have arrived, or one has failed
   */
  awaitOthers(sleepMs: number): boolean {
    const areHere = (): boolean => this.#haveAllArrived();
    if (this.#spinner.spin(areHere)) return true;
    if (sleepMs === 0) return false;
    const end = performance.now() + sleepMs;
    for (;;) {
      const arrived = Atomics.load(this.#control, ARRIVED);
      if (areHere()) return true;
      const leftMs = end - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(this.#control, ARRIVED, arrived, leftMs);
    }
  }

  /** Asks for a message when all have arrived. @returns whether none will come, as they have already */
  wantMessage(): boolean {
    Atomics.store(this.#control, WANTED, 1);
    if (!this.#haveAllArrived()) return false;
    Atomics.store(this.#control, WANTED, 0);
    return true;
  }

  /** As often as this thread. Counts go on from step to step, and around. */
  #haveAllArrived(): boolean {
    const wanted = Math.imul(this.#arrivals, this.#threads);
    return ((Atomics.load(this.#control, ARRIVED) - wanted) | 0) >= 0;
  }
}
