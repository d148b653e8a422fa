import type { TensorData } from '@llm101/safetensors';
import type { Batch } from '@llm101/data';
import type { OptimizerState } from '../optimizers/optimizer.js';
import type { Json } from '../state/checkpoint.js';
import type { Piece } from '../step/pieces.js';
import type { ThreadOf } from '../step/shares.js';
import type { SharedBuffers } from './shared-memory.js';

/** What a worker is asked to do, by name, and what it answers. */
export interface Requests {
  /** Makes its model, once. */
  start: { readonly request: unknown; readonly answer: void };
  /** Takes over values: those of a model, and with an optimizer what a run continues from. */
  load: { readonly request: LoadedValues; readonly answer: void };
  /** Gets ready to train, as one of the threads that share directions out where there are some. */
  train: { readonly request: ThreadOf | undefined; readonly answer: Readiness };
  /** Takes steps in shared memory until it is told to leave. */
  steps: { readonly request: SharedBuffers; readonly answer: void };
  /** Computes shards of a batch. */
  compute: { readonly request: ShardsOfBatch; readonly answer: Products };
  /** Takes the step that others' shards are summed for. */
  update: { readonly request: Update; readonly answer: void };
  /** Runs a task on an input. */
  task: { readonly request: Task; readonly answer: unknown };
}

/** Values of a model, in the order of its parameters, buffers and counters. */
export interface LoadedValues {
  readonly parameters: Readonly<Record<string, TensorData>>;
  readonly buffers: Readonly<Record<string, TensorData>>;
  readonly counters: Readonly<Record<string, TensorData>>;
  readonly optimizer?: OptimizerState;
}

/** What must be the same on each thread that trains. */
export interface Readiness {
  readonly arithmetic: string | undefined;
  /** Numbers of a product. */
  readonly length: number;
  /** Numbers of all directions that threads share out. */
  readonly directionsLength: number;
  /** Of the optimizer. */
  readonly identity: Json;
}

/** The part of a batch that one worker computes, without shared memory. */
export interface ShardsOfBatch {
  /** Rows of its shards alone. */
  readonly shards: readonly { readonly batch: Batch; readonly pieces: readonly Piece[] }[];
  readonly total: number;
  /** To write the products into. */
  readonly spare: readonly ArrayBuffer[];
}

/** A product for each of the shards. */
interface Products {
  readonly products: readonly ArrayBuffer[];
}

/** A step of a thread that doesn't see the others' products. */
export interface Update {
  readonly sum: Float32Array;
  readonly pieces: number;
  readonly learningRate: number;
  /** Which parameters the loss depends on. */
  readonly reached: readonly boolean[];
}

/** One call of a task. */
interface Task {
  readonly task: string;
  readonly input: unknown;
}

/** A request on its way. */
export interface Asked {
  readonly id: number;
  readonly kind: keyof Requests;
  readonly request: unknown;
}

/** Its answer on the way back; `arrived` says that a worker has computed its part of a step in shared memory. */
export type Answered =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly arrived: true };
