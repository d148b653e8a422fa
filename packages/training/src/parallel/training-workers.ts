import type { Cut } from '../step/pieces.js';
import type { ReplicaOptions } from '../step/replica.js';
import type { Steps } from '../step/steps.js';
import type { Trainable } from '../step/trainable.js';

/**
 * Threads that compute beside this one, each with a replica of a model. They do one thing at a time: a run of `train`, an
 * evaluation, a `map`.
 */
export interface Workers {
  /** Threads that compute, this one included. */
  readonly count: number;
  /** How gradients come from thread to thread. */
  readonly memory: 'shared' | 'copied';
  /**
   * Gives all replicas the values that a model has now: parameters, buffers, counters. `train` and `evaluate` do it by
   * themselves.
   *
   * @throws WorkerError when a replica is of another shape
   */
  load(model: Trainable): Promise<void>;
  /**
   * Runs a task on each input, on whichever thread is free.
   *
   * @param task - by the name that it has among the `tasks` of `serveWorker`
   * @param inputs - copied at once, so that their arrays may be used again for the next
   * @param here - the same on this thread; without it this thread only waits
   * @returns the outputs, in the order of the inputs
   * @throws WorkerError when a task fails, or a worker ends
   */
  map<Input, Output>(
    task: string,
    inputs: Iterable<Input>,
    here?: (input: Input) => Output,
  ): AsyncIterable<Output>;
  /** Ends the threads, whatever they do; what waits for them fails. */
  close(): Promise<void>;
}

/** What `train` needs of workers. The code behind it is bundled only by who starts some. */
export interface TrainingWorkers extends Workers {
  /** Gives the replicas that train a model the values that it has now, where there are some. */
  loadTrained(model: Trainable): Promise<void>;
  /** Steps on this thread and on the others: on as many as there are shards, at most. */
  stepsOn(options: ReplicaOptions, cut: Cut): Steps;
}

/** @throws TypeError for workers that `startWorkers` hasn't made */
export function checkWorkers(where: string, workers: Workers): TrainingWorkers {
  if ('stepsOn' in workers) return workers as TrainingWorkers;
  throw new TypeError(
    `${where}: workers must be what startWorkers() resolves to; got something else`,
  );
}
