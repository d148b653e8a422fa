import { add, cast, clone, concat, div, engine, reshape, slice, sub } from '@tensorflow/tfjs-core';
import { tidy, zeros, type Scalar, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { withBackendHint } from '../backend-hint.js';
import type { Gradients } from '../optimizers/gradients.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Compile, Compiled, TensorValues } from './compile.js';
import { rowsOf, type Piece } from './pieces.js';
import { sharesOf, type ThreadOf } from './shares.js';
import { feedsOf, lossOf, type BatchTensors } from './train-step.js';
import type { Trainable } from './trainable.js';

/** What a {@link Replica} is made of. */
export interface ReplicaOptions {
  readonly model: Trainable;
  readonly optimizer: Optimizer;
  readonly compile: Compile;
}

/** A number as an argument. */
type ScalarValues<Values> = TensorValues & { readonly values: Values };

/** Between the streams of pieces: `2^32 / φ`, so that those of many pieces lie far apart. */
const STREAM = 0x9e3779b1;

/**
 * A model and its optimizer that take a step in two halves: products of the shards of a batch, which change nothing, and the
 * update by all of them. Every thread that trains has one, and all of them make the same update. Directions of the optimizer, where it has
 * some, are computed between the two, each by one thread alone where threads share memory.
 *
 * A product is one array: the loss, the values of what isn't trained, the gradients. Products are added up in order, piece by
 * piece within a shard, then shard by shard. A float32 buffer, such as a running mean, becomes the mean of what the pieces make
 * of it, and a counter advances by what one piece adds to it; random layers of piece p begin p * {@link STREAM} further on.
 */
export class Replica {
  /** How it rounds. */
  readonly arithmetic: string | undefined;
  /** Numbers of a product. */
  readonly length: number;
  /** Numbers of all directions that threads share out. */
  readonly directionsLength: number;
  readonly #options: ReplicaOptions;
  readonly #buffers: readonly Variable[];
  readonly #counters: readonly Variable[];
  readonly #piece: Compiled<[total: Scalar, offset: Scalar, ...batch: BatchTensors], Tensor1D>;
  readonly #sum: Compiled<[Tensor1D, Tensor1D], Tensor1D>;
  /** Parameters by the threads that compute their directions; none where each thread computes all of them within the update. */
  readonly #shares: readonly (readonly Variable[])[];
  readonly #thread: number;
  readonly #directions: Compiled<Tensor1D[], Tensor1D>;
  /** Of all threads, once there are some. */
  #shared: readonly Float32Array[] = [];
  readonly #update: Compiled<[pieces: Scalar, ...directionsAndProducts: Tensor1D[]], Scalar>;
  /** Which parameters the loss depends on; known once a piece was computed. */
  #reached: readonly boolean[] | undefined;
  readonly #total = numberOf(new Float32Array(1));
  readonly #offset = numberOf(new Int32Array(1));
  readonly #pieces = numberOf(new Float32Array(1));
  readonly #loss = new Float32Array(1);
  /** Of a micro-batch that is to be added to others. */
  #spare: Float32Array | undefined;

  /**
   * @param shared - which thread this is, where threads share directions out
   * @throws RangeError for a compiler whose functions answer later
   */
  constructor(options: ReplicaOptions, shared?: ThreadOf) {
    const { model, optimizer, compile } = options;
    this.#options = options;
    this.#buffers = [...(model.namedBuffers?.().values() ?? [])];
    this.#counters = [...(model.namedCounters?.().values() ?? [])];
    const parts = [...this.#untrained, ...optimizer.parameters];
    this.length = 1 + lengthOf(parts);
    const { directions } = optimizer;
    this.#shares = shared && directions ? sharesOf(directions, shared.threads) : [];
    this.#thread = shared?.thread ?? 0;
    this.directionsLength = lengthOf(this.#shares.flat());
    const settings = { rehearse: 'sometimes' } as const;
    this.#piece = compile(
      (total: Scalar, offset: Scalar, ...batch: BatchTensors) =>
        this.#pieceOf(total, offset, ...batch),
      settings,
    );
    this.#sum = compile((a: Tensor1D, b: Tensor1D) => add<Tensor1D>(a, b), settings);
    this.#directions = compile(
      (...products: Tensor1D[]) => this.#directionsBy(...products),
      settings,
    );
    this.#update = compile(
      (pieces: Scalar, ...values: Tensor1D[]) => this.#updateBy(pieces, ...values),
      settings,
    );
    this.arithmetic = this.#piece.arithmetic;
    if (this.#piece.readLater === undefined) return;
    this.dispose();
    throw new RangeError(
      `train: a batch that is ${this.arithmetic ?? 'computed elsewhere'} must stay whole, on one thread; ` +
        'pass shards 1, accumulate 1 and no workers, or another compile',
    );
  }

  /** How many parameters there are. */
  get parameters(): number {
    return this.#options.optimizer.parameters.length;
  }

  /** Which parameters the loss depends on. Of a thread that has computed no piece it must be set before an update. */
  get reached(): readonly boolean[] | undefined {
    return this.#reached;
  }

  set reached(reached: readonly boolean[] | undefined) {
    this.#reached ??= reached;
  }

  /**
   * Computes a shard of a batch that has been checked; nothing else changes.
   *
   * @param pieces - of the shard: one, or its micro-batches
   * @param total - what the losses of the whole batch are divided by
   * @param product - gets the result, and may be shared memory
   */
  compute(batch: Batch, pieces: readonly Piece[], total: number, product: Float32Array): void {
    this.#total.values[0] = total;
    for (const [i, piece] of pieces.entries()) {
      this.#offset.values[0] = Math.imul(piece.index, STREAM);
      const into = i === 0 ? product : (this.#spare ??= new Float32Array(this.length));
      const feeds = feedsOf(rowsOf(batch, piece));
      this.#piece.readInto(into, this.#total, this.#offset, ...feeds); // bounded: a batch's three arrays
      if (i > 0) this.add(product, into);
    }
  }

  /**
   * The gradients of a whole batch by parameter, `undefined` where the loss doesn't depend on it; nothing changes.
   *
   * @param shards - their pieces
   * @param total - as for {@link compute}
   */
  gradients(
    batch: Batch,
    shards: readonly (readonly Piece[])[],
    total: number,
  ): Map<Variable, Float32Array | undefined> {
    const [sum, product] = [new Float32Array(this.length), new Float32Array(this.length)];
    for (const [s, pieces] of shards.entries()) {
      this.compute(batch, pieces, total, s === 0 ? sum : product);
      if (s > 0) this.add(sum, product);
    }
    let at = 1 + lengthOf(this.#untrained);
    const gradients = new Map<Variable, Float32Array | undefined>();
    for (const [i, parameter] of this.#options.optimizer.parameters.entries()) {
      const gradient = sum.subarray(at, at + parameter.size);
      at += parameter.size;
      gradients.set(parameter, this.#reached?.[i] === true ? gradient : undefined);
    }
    return gradients;
  }

  /** Adds a product to others. */
  add(sum: Float32Array, product: Float32Array): void {
    this.#sum.readInto(sum, vector(sum), vector(product));
  }

  /**
   * Computes this thread's directions, for an update that takes those of all threads.
   *
   * @param products - of all shards, in order
   * @param directions - those of all threads, thread by thread, in memory that they share
   */
  direct(products: readonly Float32Array[], directions: Float32Array): void {
    this.#shared = [directions];
    const share = this.#shares[this.#thread];
    if (share.length === 0) return;
    const start = lengthOf(this.#shares.slice(0, this.#thread).flat());
    const own = directions.subarray(start, start + lengthOf(share));
    this.#directions.readInto(own, ...products.map(vector)); // bounded: shards
  }

  /**
   * Takes the step, where threads share directions out once each has called {@link direct}.
   *
   * @param products - in order: of all shards, or one that is their sum
   * @param pieces - of the whole batch
   * @returns the batch's loss before the step, in nats
   */
  update(products: readonly Float32Array[], pieces: number): number {
    this.#pieces.values[0] = pieces;
    const feeds = [...this.#shared, ...products].map(vector);
    this.#update.readInto(this.#loss, this.#pieces, ...feeds); // bounded: shards
    return this.#loss[0];
  }

  /** @throws Error where what a step captures has changed since it was compiled */
  rehearse(): void {
    for (const compiled of this.#compiled) compiled.rehearse?.();
  }

  /** Frees what was compiled. */
  dispose(): void {
    for (const compiled of this.#compiled) compiled.dispose();
  }

  get #compiled(): readonly Pick<Compiled<[], Tensor>, 'rehearse' | 'dispose'>[] {
    return [this.#piece, this.#sum, this.#directions, this.#update];
  }

  /** What a forward pass in training changes. */
  get #untrained(): readonly Variable[] {
    return [...this.#buffers, ...this.#counters];
  }

  #pieceOf(total: Scalar, offset: Scalar, ...batch: BatchTensors): Tensor1D {
    const { model, optimizer } = this.#options;
    return tidy(() => {
      const untrained = this.#untrained;
      const found = untrained.map((variable) => clone(variable));
      const others = otherVariables([...untrained, ...optimizer.parameters]);
      for (const counter of this.#counters) counter.assign(add(counter, offset));
      const starts = untrained.map((variable) => clone(variable));
      try {
        const { loss, gradients } = withBackendHint(() =>
          optimizer.gradients(() => lossOf(model, batch, total)),
        );
        this.#reached = gradients.map((gradient) => gradient !== undefined);
        checkOthers(others);
        const values = untrained.map((variable, i) =>
          variable.dtype === 'int32' ? cast(sub(variable, starts[i]), 'float32') : clone(variable),
        );
        const { parameters } = optimizer;
        const all = gradients.map((gradient, i) => gradient ?? zeros(parameters[i].shape));
        return concat<Tensor1D>([loss, ...values, ...all].map(flat));
      } finally {
        for (const [i, variable] of untrained.entries()) variable.assign(found[i]);
      }
    });
  }

  #directionsBy(...products: Tensor1D[]): Tensor1D {
    const { optimizer } = this.#options;
    const share = this.#shares[this.#thread];
    return tidy(() => {
      const gradients = this.#gradientsOf(sumOf(products));
      const found = optimizer.directions?.compute(gradients, share) ?? [];
      return concat<Tensor1D>(share.map(({ shape }, i) => flat(found[i] ?? zeros(shape))));
    });
  }

  #updateBy(pieces: Scalar, ...values: Tensor1D[]): Scalar {
    const { optimizer } = this.#options;
    const shared = this.#shares.flat();
    return tidy(() => {
      const directions = take(values[0], shared);
      const sum = sumOf(shared.length === 0 ? values : values.slice(1));
      const untrained = this.#untrained;
      for (const [i, total] of take(sum, untrained, 1).entries()) {
        const variable = untrained[i];
        const mean = div<Tensor>(total, pieces);
        variable.assign(variable.dtype === 'int32' ? add(variable, cast(mean, 'int32')) : mean);
      }
      const known = new Map(directions.map((direction, i) => [shared[i], direction]));
      optimizer.update(this.#gradientsOf(sum), known);
      return reshape(slice(sum, 0, 1), []);
    });
  }

  /** Of parameters that the loss depends on. */
  #gradientsOf(sum: Tensor1D): Gradients {
    const start = 1 + lengthOf(this.#untrained);
    const all = take(sum, this.#options.optimizer.parameters, start);
    return all.map((gradient, i) => (this.#reached?.[i] ? gradient : undefined));
  }
}

const numberOf = <Values extends Float32Array | Int32Array>(
  values: Values,
): ScalarValues<Values> => ({ values, shape: [] });

const vector = (values: Float32Array): TensorValues => ({ values, shape: [values.length] });

const lengthOf = (variables: readonly Variable[]): number =>
  variables.reduce((sum, { size }) => sum + size, 0);

const sumOf = ([first, ...rest]: readonly Tensor1D[]): Tensor1D =>
  rest.reduce((total, next) => add(total, next), first);

/** Values of variables that lie one after the other, from a number on. */
function take(values: Tensor1D, variables: readonly Variable[], start = 0): Tensor[] {
  let at = start;
  return variables.map(({ size, shape }) => {
    at += size;
    return reshape(slice(values, at - size, size), shape);
  });
}

const flat = (tensor: Tensor): Tensor1D => reshape(tensor, [-1]);

/** Variables that aren't trained and that nobody has named, with what they hold. */
function otherVariables(named: readonly Variable[]): Map<Variable, object> {
  const known = new Set(named);
  const others = Object.values(engine().registeredVariables).filter(
    (variable) => !variable.trainable && !known.has(variable),
  );
  return new Map(others.map((variable) => [variable, variable.dataId]));
}

/** @throws TypeError where a forward pass has changed one of them: pieces of a batch would each change it */
function checkOthers(others: ReadonlyMap<Variable, object>): void {
  for (const [{ name, shape, dataId }, before] of others) {
    if (dataId === before) continue;
    throw new TypeError(
      'train: what a forward pass changes must be among the namedBuffers or namedCounters of the model where a batch is cut; ' +
        `got ${name} [${shape.join(', ')}], which is in neither`,
    );
  }
}
