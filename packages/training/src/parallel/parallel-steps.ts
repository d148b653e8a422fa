import type { Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { checkBatch } from '../checks.js';
import { asJson, differencesOf } from '../checkpoints/identity.js';
import { piecesOf, totalOf, type Cut } from '../step/pieces.js';
import { Replica, type ReplicaOptions } from '../step/replica.js';
import type { ThreadOf } from '../step/shares.js';
import { gradientsBy, type Steps } from '../step/steps.js';
import type { Trainable } from '../step/trainable.js';
import { CopiedExchange } from './copied-exchange.js';
import type { Exchange, StepJob } from './exchange.js';
import type { Remote } from './remote.js';
import type { Readiness } from './requests.js';
import { SharedExchange } from './shared-exchange.js';
import { valuesOf } from './values.js';
import { WorkerError } from './worker-error.js';

/** A run that workers take the steps of. */
export interface WorkersRun {
  readonly model: Trainable;
  /** Those whose replicas have its values. */
  readonly remotes: readonly Remote[];
  /** Has them listen to other requests, between two steps. */
  pause(): Promise<void>;
}

/** The workers, as a run needs them. */
export interface RunWorkers {
  readonly memory: 'shared' | 'copied';
  /** Has all replicas listen to requests. @throws WorkerError when one has failed or ended */
  pause(): Promise<void>;
  /** @throws Error when there is another run */
  begin(run: WorkersRun): void;
  end(run: WorkersRun): void;
}

/**
 * Each thread has a replica. The threads share the shards of a batch out, and get each other's gradients; then each sums all of
 * them in order and updates its own replica, so that this thread's model and optimizer are always those of the run.
 */
export class ParallelSteps implements Steps {
  readonly #workers: RunWorkers;
  readonly #remotes: readonly Remote[];
  readonly #options: ReplicaOptions & { readonly cut: Cut };
  readonly #replica: Replica;
  readonly #exchange: Exchange;
  readonly #run: WorkersRun;
  #hasBegun = false;
  /** Whether a step waits for others. */
  #isWaiting = false;

  constructor(
    workers: RunWorkers,
    remotes: readonly Remote[],
    options: ReplicaOptions & { readonly cut: Cut },
  ) {
    this.#workers = workers;
    this.#remotes = remotes;
    this.#options = options;
    this.#replica = new Replica(options, this.#threadOf(0));
    this.#exchange =
      workers.memory === 'shared'
        ? new SharedExchange(this.#replica, remotes, options.cut)
        : new CopiedExchange(this.#replica, remotes);
    this.#run = { model: options.model, remotes, pause: () => this.#pause() };
  }

  get arithmetic(): string | undefined {
    return this.#replica.arithmetic;
  }

  step(batch: Batch): number | Promise<number> {
    checkBatch('train', batch);
    if (!this.#hasBegun) return this.#begin(batch);
    const job = this.#jobOf(batch);
    const products = this.#exchange.compute(job);
    if (products instanceof Promise) return this.#updateLater(products, job);
    return this.#update(products, job);
  }

  gradients(batch: Batch): ReadonlyMap<Variable, Float32Array | undefined> {
    return gradientsBy(this.#replica, batch, this.#options.cut);
  }

  rehearse(): void {
    this.#replica.rehearse();
  }

  dispose(): void {
    this.#exchange.end();
    this.#workers.end(this.#run);
    this.#replica.dispose();
  }

  #jobOf(batch: Batch): StepJob {
    const shards = piecesOf(batch.size, this.#options.cut);
    const { learningRate } = this.#options.optimizer;
    return { batch, shards, total: totalOf(batch), learningRate };
  }

  async #updateLater(products: Promise<readonly Float32Array[]>, job: StepJob): Promise<number> {
    this.#isWaiting = true;
    try {
      return this.#update(await products, job);
    } finally {
      this.#isWaiting = false;
    }
  }

  #pause(): Promise<void> {
    if (!this.#isWaiting) return this.#exchange.pause();
    throw new Error(
      'Workers: must do one thing at a time; they are in the midst of a step; ask them between two steps, or start others',
    );
  }

  #update(products: readonly Float32Array[], job: StepJob): number {
    const summed = this.#exchange.share(products, job);
    return this.#replica.update(summed, job.shards.flat().length);
  }

  /** Of threads that share directions out: where they would be copied, computing them all costs less. */
  #threadOf(thread: number): ThreadOf | undefined {
    const threads = this.#remotes.length + 1;
    return this.#workers.memory === 'shared' ? { thread, threads } : undefined;
  }

  /** Gives the replicas the values of this one, takes the first step, and sees that they compute what this one does. */
  async #begin(batch: Batch): Promise<number> {
    const { model, optimizer } = this.#options;
    this.#workers.begin(this.#run);
    await this.#workers.pause();
    const values = { ...valuesOf(model), optimizer: optimizer.state() };
    await Promise.all(this.#remotes.map((remote) => remote.ask('load', values)));
    for (const remote of this.#remotes) {
      const ready = await remote.ask('train', this.#threadOf(remote.number));
      this.#checkReady(remote.number, ready);
    }
    this.#hasBegun = true;
    const job = this.#jobOf(batch);
    const products = await this.#exchange.compute(job);
    this.#checkProducts(products, job);
    return this.#update(products, job);
  }

  /** @throws WorkerError when a replica was made by other settings than this thread's */
  #checkReady(worker: number, found: Readiness): void {
    const { arithmetic, length, directionsLength } = this.#replica;
    const optimizer = this.#options.optimizer.identity?.();
    const own = { arithmetic, length, directionsLength, optimizer };
    const { identity, ...ofWorker } = found;
    const others = { ...ofWorker, optimizer: identity };
    const differences = differencesOf(asJson(others), asJson(own));
    if (differences.length === 0) return;
    throw new WorkerError(
      worker,
      `must have what this thread has: its ${differences.join(', ')}; make both by the same settings`,
    );
  }

  /** @throws WorkerError when a replica computed something else than this one would have */
  #checkProducts(products: readonly Float32Array[], { batch, shards, total }: StepJob): void {
    const threads = this.#remotes.length + 1;
    const own = new Float32Array(this.#replica.length);
    for (const [s, pieces] of shards.entries()) {
      if (s % threads === 0) continue;
      this.#replica.compute(batch, pieces, total, own);
      if (sameBytes(own, products[s])) continue;
      throw new WorkerError(
        s % threads,
        'must compute what this thread does, and gives other gradients of the same batch; make both models by the same ' +
          'settings and seeds, those of dropouts too, and compile both alike',
      );
    }
  }
}

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  const [x, y] = [a, b].map(
    (values) => new Int32Array(values.buffer, values.byteOffset, values.length),
  );
  return x.every((bits, i) => bits === y[i]);
}
