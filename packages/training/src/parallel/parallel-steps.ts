import type { Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { checkBatch } from '../checks.js';
import { asJson, differencesOf } from '../checkpoints/identity.js';
import { piecesOf, totalOf, type Cut } from '../step/pieces.js';
import { Replica, type ReplicaOptions } from '../step/replica.js';
import { gradientsBy, type Steps } from '../step/steps.js';
import { CopiedExchange } from './copied-exchange.js';
import type { Exchange, StepJob } from './exchange.js';
import type { Remote } from './remote.js';
import type { Readiness } from './requests.js';
import { SharedExchange } from './shared-exchange.js';
import { valuesOf } from './values.js';
import { WorkerError } from './worker-error.js';

/** The workers that a run takes. */
interface Pool {
  readonly memory: 'shared' | 'copied';
  pause(): Promise<void>;
  trainOn(remotes: readonly Remote[], interrupt: () => Promise<void>): void;
}

/**
 * Each thread has a replica. The threads share the shards of a batch out, and get each other's gradients; then each sums all of
 * them in order and updates its own replica, so that this thread's model and optimizer are always those of the run.
 */
export class ParallelSteps implements Steps {
  readonly #workers: Pool;
  readonly #remotes: readonly Remote[];
  readonly #options: ReplicaOptions & { readonly cut: Cut };
  readonly #replica: Replica;
  readonly #exchange: Exchange;
  #hasBegun = false;

  constructor(
    workers: Pool,
    remotes: readonly Remote[],
    options: ReplicaOptions & { readonly cut: Cut },
  ) {
    this.#workers = workers;
    this.#remotes = remotes;
    this.#options = options;
    this.#replica = new Replica(options);
    this.#exchange =
      workers.memory === 'shared'
        ? new SharedExchange(this.#replica, remotes, options.cut)
        : new CopiedExchange(this.#replica, remotes);
  }

  get arithmetic(): string | undefined {
    return this.#replica.arithmetic;
  }

  step(batch: Batch): number | Promise<number> {
    checkBatch('train', batch);
    if (!this.#hasBegun) return this.#begin(batch);
    const job = this.#jobOf(batch);
    const products = this.#exchange.compute(job);
    if (products instanceof Promise) return products.then((found) => this.#update(found, job));
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
    this.#workers.trainOn([], () => Promise.resolve());
    this.#replica.dispose();
  }

  #jobOf(batch: Batch): StepJob {
    const shards = piecesOf(batch.size, this.#options.cut);
    const { learningRate } = this.#options.optimizer;
    return { batch, shards, total: totalOf(batch), learningRate };
  }

  #update(products: readonly Float32Array[], job: StepJob): number {
    const summed = this.#exchange.share(products, job);
    return this.#replica.update(summed, job.shards.flat().length);
  }

  /** Gives the replicas the values of this one, takes the first step, and sees that they compute what this one does. */
  async #begin(batch: Batch): Promise<number> {
    const { model, optimizer } = this.#options;
    await this.#workers.pause();
    const values = { ...valuesOf(model), optimizer: optimizer.state() };
    await Promise.all(this.#remotes.map((remote) => remote.ask('load', values)));
    for (const remote of this.#remotes) {
      this.#checkReady(remote.number, await remote.ask('train', undefined));
    }
    this.#workers.trainOn(this.#remotes, () => this.#exchange.pause());
    this.#hasBegun = true;
    const job = this.#jobOf(batch);
    const products = await this.#exchange.compute(job);
    this.#checkProducts(products, job);
    return this.#update(products, job);
  }

  /** @throws WorkerError when a replica was made by other settings than this thread's */
  #checkReady(worker: number, found: Readiness): void {
    const { arithmetic, length } = this.#replica;
    const own = { arithmetic, length, optimizer: this.#options.optimizer.identity?.() };
    const others = {
      arithmetic: found.arithmetic,
      length: found.length,
      optimizer: found.identity,
    };
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
