import type { Variable } from '@tensorflow/tfjs-core';
import { describeError } from '../describe-error.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Json } from '../state/checkpoint.js';
import { loadVariables } from '../state/variables.js';
import { interpret, type Compile } from '../step/compile.js';
import { piecesOf } from '../step/pieces.js';
import { Replica } from '../step/replica.js';
import type { ThreadOf } from '../step/shares.js';
import type { Trainable } from '../step/trainable.js';
import { listenToOwner, type Port } from './ports.js';
import type {
  Asked,
  LoadedValues,
  Readiness,
  Requests,
  ShardsOfBatch,
  Update,
} from './requests.js';
import { SCORE, scorer, type Scored, type Scorer } from './scoring.js';
import { SharedMemory, type SharedBuffers } from './shared-memory.js';
import { namedByNumber } from './values.js';

/** What a worker computes with: made like that of the main thread, of the same settings. */
export interface ReplicaParts {
  readonly model: Trainable;
  /** Needed to train. */
  readonly optimizer?: Optimizer;
  /** Default: `interpret`. */
  readonly compile?: Compile;
  /** What else the worker can do, by name, for `Workers.map`. Inputs and outputs are copied from thread to thread. */
  readonly tasks?: Readonly<Record<string, (input: never) => unknown>>;
}

/**
 * Makes a module the module of a worker, in Node or in a page: it computes shards of batches and scores rows for the thread
 * that has started it, until that ends it. Call it at once, before the module awaits anything.
 *
 * @param make - starts a backend and makes the parts; called once, with the `data` of `startWorkers`. Initial values don't
 * matter, as the main thread's are taken over, but seeds of dropouts and all settings do
 * @throws Error in a thread that is no worker
 */
export function serveWorker(make: (data: unknown) => ReplicaParts | Promise<ReplicaParts>): void {
  let served: Promise<Server> | undefined;
  const answer = async ({ kind, request }: Asked): Promise<unknown> => {
    if (kind === 'start') {
      served = Promise.resolve(make(request)).then((parts) => new Server(parts, port));
      await served;
      return undefined;
    }
    const server = await served;
    const handle = server?.handlers[kind] as ((request: unknown) => unknown) | undefined;
    return handle?.(request);
  };
  let last: Promise<unknown> = Promise.resolve();
  const port = listenToOwner((message) => {
    const asked = message as Asked;
    last = last.then(async () => {
      try {
        const result = await answer(asked);
        port.post({ id: asked.id, answer: result }, buffersOf(result));
      } catch (error) {
        port.post({ id: asked.id, error: describeError(error) });
      }
    });
  });
}

/** What may be handed over instead of copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const { products } = (result ?? {}) as { readonly products?: readonly ArrayBuffer[] };
  return [...(products ?? [])];
}

type Handlers = {
  readonly [Kind in Exclude<keyof Requests, 'start'>]: (
    request: Requests[Kind]['request'],
  ) => Requests[Kind]['answer'] | Promise<Requests[Kind]['answer']>;
};

const load = (variables: Iterable<Variable>, values: LoadedValues['parameters']): void =>
  loadVariables('serveWorker', namedByNumber(variables), values);

/** A worker's replica, and what it does with it. */
class Server {
  readonly handlers: Handlers;
  readonly #parts: ReplicaParts;
  readonly #port: Port;
  #replica: Replica | undefined;
  #scorer: Scorer | undefined;

  constructor(parts: ReplicaParts, port: Port) {
    const { model } = Object(parts) as Partial<ReplicaParts>;
    if (typeof model?.logits !== 'function' || typeof model.parameters !== 'function') {
      throw new TypeError(
        'serveWorker: what make returns must have a model, with parameters() and logits(); got none',
      );
    }
    this.#parts = parts;
    this.#port = port;
    this.handlers = {
      load: (values) => this.#load(values),
      train: (shared) => this.#train(shared),
      steps: (buffers) => this.#takeSteps(buffers),
      compute: (shards) => this.#compute(shards),
      update: (update) => this.#update(update),
      task: ({ task, input }) => this.#run(task, input),
    };
  }

  get #optimizer(): Optimizer {
    const { optimizer } = this.#parts;
    if (optimizer !== undefined) return optimizer;
    throw new TypeError('serveWorker: a worker that trains must have an optimizer; got none');
  }

  get #trained(): Replica {
    if (this.#replica !== undefined) return this.#replica;
    throw new Error('serveWorker: a worker must get ready to train before it does');
  }

  #load({ parameters, buffers, counters, optimizer }: LoadedValues): void {
    const { model } = this.#parts;
    load(model.parameters(), parameters);
    load(model.namedBuffers?.().values() ?? [], buffers);
    load(model.namedCounters?.().values() ?? [], counters);
    if (optimizer !== undefined) this.#optimizer.load(optimizer);
  }

  #train(shared: ThreadOf | undefined): Readiness {
    const { model, compile = interpret } = this.#parts;
    this.#replica?.dispose();
    this.#replica = new Replica({ model, optimizer: this.#optimizer, compile }, shared);
    const { arithmetic, length, directionsLength } = this.#replica;
    const identity = (this.#optimizer.identity?.() ?? null) as Json;
    return { arithmetic, length, directionsLength, identity };
  }

  #takeSteps(buffers: SharedBuffers): void {
    const { thread, threads } = buffers;
    const memory = new SharedMemory(buffers);
    const replica = this.#trained;
    const tell = (isWanted: boolean): void => {
      if (isWanted) this.#port.post({ arrived: true });
    };
    /** @returns whether all have done their part */
    const meet = (): boolean => {
      tell(memory.arrive());
      while (!memory.awaitOthers(Infinity));
      return memory.failed === undefined;
    };
    try {
      for (;;) {
        const published = memory.awaitStep();
        if (published === undefined) return;
        const { batch, total, learningRate } = published;
        const shards = piecesOf(batch.size, buffers);
        for (let s = thread; s < shards.length; s += threads) {
          replica.compute(batch, shards[s], total, memory.products[s]);
        }
        if (!meet()) return;
        this.#optimizer.learningRate = learningRate;
        replica.reached ??= memory.readFlags(replica.parameters);
        const products = memory.products.slice(0, shards.length);
        if (replica.directionsLength > 0) {
          replica.direct(products, memory.directions);
          if (!meet()) return;
        }
        replica.update(products, shards.flat().length);
      }
    } catch (error) {
      tell(memory.fail(thread));
      throw error;
    }
  }

  #compute({ shards, total, spare }: ShardsOfBatch): Requests['compute']['answer'] {
    const products = shards.map(({ batch, pieces }, i) => {
      const buffer = spare.at(i) ?? new ArrayBuffer(4 * this.#trained.length);
      this.#trained.compute(batch, pieces, total, new Float32Array(buffer));
      return buffer;
    });
    return { products };
  }

  #update({ sum, pieces, learningRate, reached }: Update): void {
    this.#optimizer.learningRate = learningRate;
    this.#trained.reached ??= reached;
    this.#trained.update([sum], pieces);
  }

  async #run(task: string, input: unknown): Promise<unknown> {
    const { model, compile = interpret, tasks = {} } = this.#parts;
    if (task === SCORE) {
      this.#scorer ??= scorer(model, compile);
      return this.#scorer.score(input as Scored);
    }
    if (!Object.hasOwn(tasks, task)) {
      throw new RangeError(
        `serveWorker: a task must be one of ${Object.keys(tasks).join(', ') || 'none'}; got ${task}`,
      );
    }
    return tasks[task](input as never);
  }
}
