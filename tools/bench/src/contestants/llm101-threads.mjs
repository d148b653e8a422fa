import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { startWorkers, train } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { partsOf } from './llm101-parts.mjs';
import { hasRelaxedSimd, NO_RELAXED_SIMD } from './peak.mjs';
import { splitBatches, withoutDropout } from './tfjs-task.mjs';

/** @typedef {import('../workload-file.mjs').Start} Start */
/** @typedef {import('../serve.mjs').Looper} Looper */

const spawn = () => new Worker(new URL('./llm101-worker.mjs', import.meta.url));

/**
 * `train` with as many shards and workers as there are cores.
 *
 * @param {Start} start
 * @returns {Promise<Looper>}
 */
export function plain(start) {
  return onAllThreads(start, false);
}

/**
 * The same with products in relaxed SIMD.
 *
 * @param {Start} start
 * @returns {Promise<Looper>}
 */
export function relaxed(start) {
  if (!hasRelaxedSimd()) throw new Error(NO_RELAXED_SIMD);
  return onAllThreads(start, true);
}

/**
 * @param {Start} start
 * @param {boolean} relaxedSimd
 * @returns {Promise<Looper>}
 */
async function onAllThreads(start, relaxedSimd) {
  const threads = availableParallelism();
  const { tfjsVersion } = await startBackend({ relaxedSimd: true });
  const batches = splitBatches(start.batches);
  return {
    what: `on tfjs ${tfjsVersion}, Node ${process.versions.node}, ${threads} threads`,
    comparesApart: withoutDropout(start) !== start,
    async loop(order, { hasDropout, signal, onLoss }) {
      const { batches: _, ...from } = hasDropout ? start : withoutDropout(start);
      /** @type {import('./llm101-parts.mjs').PartsData} */
      const data = { ...from, relaxedSimd };
      const workers = await startWorkers({ count: threads, spawn, data });
      const parts = partsOf(data);
      await train({
        ...parts,
        batches: inOrder(batches, order),
        maxSteps: Number.MAX_SAFE_INTEGER,
        shards: threads,
        workers,
        signal,
        listeners: [(event) => event.type === 'step' && onLoss(event.batchLoss)],
      });
      await workers.close();
      parts.optimizer.dispose();
    },
  };
}

/**
 * @param {readonly import('@llm101/data').Batch[]} batches
 * @param {Iterable<number>} order
 */
function* inOrder(batches, order) {
  for (const batch of order) yield batches[batch];
}
