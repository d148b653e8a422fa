import type { Scalar, Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { checkBatch } from '../checks.js';
import type { Compiled } from './compile.js';
import { isWhole, piecesOf, totalOf, type Cut } from './pieces.js';
import { Replica, type ReplicaOptions } from './replica.js';
import { runOnBatch, runOnBatchLater, stepOf, type BatchTensors } from './train-step.js';

/** Takes the steps of a run. */
export interface Steps {
  /** How they round. */
  readonly arithmetic: string | undefined;
  /**
   * Takes a step.
   *
   * @returns the batch's loss before the step, in nats; a promise of it where others compute it and aren't ready yet
   * @throws RangeError when the batch's arrays don't fit each other or the model
   */
  step(batch: Batch): number | Promise<number>;
  /**
   * The gradients that a step on a batch would take, by parameter, `undefined` where the loss doesn't depend on it; nothing
   * changes. Only where batches are cut: the whole of one may need more memory than there is, and draws other masks.
   */
  gradients?(batch: Batch): ReadonlyMap<Variable, Float32Array | undefined>;
  /** Steps that may be under way, their losses not yet known, so that whoever computes them needn't wait. Default: 1. */
  readonly ahead?: number;
  /** Brings what steps have changed to the tensors of variables, once all that are under way are done. Default: it is there. */
  sync?(): Promise<void>;
  /** @throws Error where what a step captures has changed since it was compiled */
  rehearse(): void;
  /** Frees what it holds. */
  dispose(): void;
}

/** Calls of `readLater` that are under way at a time: enough for a GPU never to wait, few enough for losses to be known soon. */
export const AHEAD = 4;

/** Steps on this thread. A batch that isn't cut is one compiled function, from the batch to the update. */
export function stepsHere(options: ReplicaOptions, cut: Cut): Steps {
  return isWhole(cut) ? wholeSteps(options) : cutSteps(new Replica(options), cut);
}

function wholeSteps({ model, optimizer, compile }: ReplicaOptions): Steps {
  const step = compile(stepOf(model, optimizer), { rehearse: 'sometimes' });
  const { arithmetic } = step;
  return {
    arithmetic,
    step: (batch) => runOnBatch(step, batch)[0],
    ...laterSteps(step),
    rehearse: () => step.rehearse?.(),
    dispose: () => step.dispose(),
  };
}

/** What is other about steps that are computed elsewhere. */
function laterSteps(
  compiled: Compiled<BatchTensors, Scalar>,
): Pick<Steps, 'step' | 'ahead' | 'sync'> | undefined {
  if (compiled.readLater === undefined) return undefined;
  const readLater = compiled.readLater.bind(compiled);
  let isBehind = false;
  let failure: { readonly error: unknown } | undefined;
  return {
    ahead: AHEAD,
    async step(batch) {
      isBehind = true;
      try {
        return (await runOnBatchLater(readLater, batch))[0];
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    },
    async sync() {
      if (isBehind && failure === undefined) await compiled.sync?.();
      if (failure !== undefined) throw failure.error; // what its steps have done isn't known
      isBehind = false;
    },
  };
}

function cutSteps(replica: Replica, cut: Cut): Steps {
  const products: Float32Array[] = [];
  return {
    arithmetic: replica.arithmetic,
    step(batch) {
      checkBatch('train', batch);
      const shards = piecesOf(batch.size, cut);
      const total = totalOf(batch);
      for (const [s, pieces] of shards.entries()) {
        products[s] ??= new Float32Array(replica.length);
        replica.compute(batch, pieces, total, products[s]);
      }
      return replica.update(products.slice(0, shards.length), shards.flat().length);
    },
    gradients: (batch) => gradientsBy(replica, batch, cut),
    rehearse: () => replica.rehearse(),
    dispose: () => replica.dispose(),
  };
}

/** The gradients of a batch, all of its shards computed here. */
export function gradientsBy(
  replica: Replica,
  batch: Batch,
  cut: Cut,
): ReadonlyMap<Variable, Float32Array | undefined> {
  checkBatch('train', batch);
  return replica.gradients(batch, piecesOf(batch.size, cut), totalOf(batch));
}
