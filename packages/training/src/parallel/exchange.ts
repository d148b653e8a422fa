import type { Batch } from '@llm101/data';
import type { Piece } from '../step/pieces.js';

/** A step to take. */
export interface StepJob {
  readonly batch: Batch;
  /** Its pieces, shard by shard. Shard s is computed by thread `s % threads`. */
  readonly shards: readonly (readonly Piece[])[];
  /** What the losses of the whole batch are divided by. */
  readonly total: number;
  readonly learningRate: number;
}

/** How threads get each other's products. */
export interface Exchange {
  /**
   * Has all shards computed, those of this thread here, and then all directions that threads share out.
   *
   * @returns their products, in order; a promise of them where others aren't ready yet
   * @throws WorkerError when another thread fails or ends; what this thread's part throws
   */
  compute(job: StepJob): readonly Float32Array[] | Promise<readonly Float32Array[]>;
  /**
   * Has the others take the step.
   *
   * @returns what this thread takes it by: the products, or their sum
   */
  share(products: readonly Float32Array[], job: StepJob): readonly Float32Array[];
  /** Has the others listen to other requests. @throws WorkerError when one has failed or ended */
  pause(): Promise<void>;
  /** The run is over, whatever became of it. */
  end(): void;
}
