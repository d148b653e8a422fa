import { checkWhole } from '../checks.js';
import { eventLoopTurn } from '../event-loop.js';
import type { Cut } from '../step/pieces.js';
import type { ReplicaOptions } from '../step/replica.js';
import { stepsHere, type Steps } from '../step/steps.js';
import type { Trainable } from '../step/trainable.js';
import { ParallelSteps, type RunWorkers, type WorkersRun } from './parallel-steps.js';
import type { AnyWorker } from './ports.js';
import { Remote } from './remote.js';
import type { TrainingWorkers, Workers } from './training-workers.js';
import { valuesOf } from './values.js';

/** Settings of {@link startWorkers}. */
export interface WorkersOptions {
  /** Threads that compute, this one included: one thread less is started. */
  readonly count: number;
  /**
   * Starts a thread whose module calls `serveWorker`:
   * `() => new Worker(new URL('./my-worker.js', import.meta.url), { type: 'module' })`, with the `Worker` of
   * `node:worker_threads` or of the page.
   */
  readonly spawn: () => AnyWorker;
  /** What each worker's `make` gets; it is copied. */
  readonly data?: unknown;
  /**
   * How gradients come from thread to thread: by `'shared'` memory, or `'copied'` in messages, which costs more. Results are the
   * same. Default: shared where there is such memory; a page has it only where it is isolated from other origins.
   */
  readonly memory?: 'shared' | 'copied';
}

/**
 * Starts threads that compute beside this one; `close()` ends them.
 *
 * @throws RangeError when count isn't a whole number from 1 on, or shared memory is asked for where there is none
 * @throws TypeError when `spawn` gives no worker, or `data` can't be sent to one
 * @throws WorkerError when one can't start, with its reason
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { count, spawn, data, memory = canShare() ? 'shared' : 'copied' } = options;
  checkWhole('startWorkers: count', count, 1);
  if (!['shared', 'copied'].includes(memory)) {
    throw new RangeError(`startWorkers: memory must be 'shared' or 'copied'; got ${memory}`);
  }
  if (memory === 'shared' && !canShare()) {
    throw new RangeError(
      "startWorkers: memory must be 'copied' where threads can't share any, as in a page without the headers COOP and COEP; got 'shared'",
    );
  }
  const remotes: Remote[] = [];
  try {
    for (let number = 1; number < count; number++)
      remotes.push(new Remote(number, checkWorker(spawn())));
    await Promise.all(remotes.map((remote) => remote.ask('start', data)));
  } catch (error) {
    await Promise.all(remotes.map((remote) => remote.end()));
    throw error;
  }
  return new WorkerPool(remotes, memory);
}

/** @throws TypeError for what can't be sent messages */
function checkWorker(worker: unknown): AnyWorker {
  const { postMessage, terminate } = Object(worker) as Partial<AnyWorker>;
  if (typeof postMessage === 'function' && typeof terminate === 'function') {
    return worker as AnyWorker;
  }
  throw new TypeError('startWorkers: spawn must return a new Worker(…); got something else');
}

/** Whether memory can be shared by threads: not in a page that isn't isolated. */
function canShare(): boolean {
  const { crossOriginIsolated = true } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === 'function' && crossOriginIsolated;
}

/** Requests that a worker has at once, so that it needn't wait for this thread to give it the next. */
const AHEAD = 2;

/** The workers of {@link startWorkers}. */
class WorkerPool implements TrainingWorkers, RunWorkers {
  readonly memory: 'shared' | 'copied';
  readonly remotes: readonly Remote[];
  #run: WorkersRun | undefined;
  /** How many calls of `map` are on their way. */
  #maps = 0;

  constructor(remotes: readonly Remote[], memory: 'shared' | 'copied') {
    this.remotes = remotes;
    this.memory = memory;
  }

  get count(): number {
    return this.remotes.length + 1;
  }

  async load(model: Trainable): Promise<void> {
    const { model: trained = model, remotes: training = [] } = this.#run ?? {};
    if (trained !== model) throw busy('have the values of the model that is trained');
    if (this.#maps > 0) throw busy('score or run tasks');
    await this.pause();
    const values = valuesOf(model);
    const others = this.remotes.filter((remote) => !training.includes(remote));
    await Promise.all(others.map((remote) => remote.ask('load', values)));
  }

  async loadTrained(model: Trainable): Promise<void> {
    const { remotes = [] } = this.#run ?? {};
    await this.pause();
    const values = valuesOf(model);
    await Promise.all(remotes.map((remote) => remote.ask('load', values)));
  }

  async *map<Input, Output>(
    task: string,
    inputs: Iterable<Input>,
    here?: (input: Input) => Output,
  ): AsyncGenerator<Output, void, undefined> {
    await this.pause();
    this.#maps++;
    try {
      yield* this.#map(task, inputs, here);
    } finally {
      this.#maps--;
    }
  }

  async *#map<Input, Output>(
    task: string,
    inputs: Iterable<Input>,
    here: ((input: Input) => Output) | undefined,
  ): AsyncGenerator<Output, void, undefined> {
    const queue: (Output | Promise<unknown>)[] = [];
    const isAnyFree = (): boolean => here !== undefined || this.#freest() !== undefined;
    for (const input of inputs) {
      while (!isAnyFree()) {
        if (queue.length === 0) throw noThread(task);
        yield (await queue.shift()) as Output;
      }
      const remote = this.#freest();
      if (remote !== undefined) queue.push(remote.ask('task', { task, input }));
      else if (here !== undefined) {
        queue.push(here(input));
        await eventLoopTurn(); // answers arrive
      }
      while (queue.length > 2 * AHEAD * this.count) yield (await queue.shift()) as Output;
    }
    for (const output of queue) yield (await output) as Output;
  }

  stepsOn(options: ReplicaOptions, cut: Cut): Steps {
    const remotes = this.remotes.slice(0, cut.shards - 1);
    if (remotes.length === 0) return stepsHere(options, cut);
    return new ParallelSteps(this, remotes, { ...options, cut });
  }

  #freest(): Remote | undefined {
    const free = this.remotes.filter(({ pending }) => pending < AHEAD);
    return free.sort((a, b) => a.pending - b.pending).at(0);
  }

  async pause(): Promise<void> {
    const dead = this.remotes.find((remote) => remote.dead)?.dead;
    if (dead !== undefined) throw dead;
    await this.#run?.pause();
  }

  begin(run: WorkersRun): void {
    if (this.#run !== undefined) throw busy('take the steps of a run');
    if (this.#maps > 0) throw busy('score or run tasks');
    this.#run = run;
  }

  end(run: WorkersRun): void {
    if (this.#run === run) this.#run = undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.end()));
  }
}

const noThread = (task: string): RangeError =>
  new RangeError(`Workers.map: with one thread a task must run here; got ${task} without \`here\``);

const busy = (what: string): Error =>
  new Error(`Workers: must do one thing at a time; they ${what}; start others for this`);
