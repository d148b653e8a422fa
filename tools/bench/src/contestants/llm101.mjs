import { interpret, runOnBatch, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { loadTensors, makeTask, splitBatches } from './tfjs-task.mjs';

/** @typedef {import('../workload-file.mjs').Start} Start */
/** @typedef {import('../serve.mjs').Runner} Runner */

/**
 * Recorded and replayed, from preloaded tensors.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export async function compiled(start) {
  const what = await begin();
  const { model, optimizer } = makeTask(start);
  const step = compile(stepOf(model, optimizer), { rehearse: 'sometimes' });
  const batches = loadTensors(start.batches);
  return {
    what,
    step(batch) {
      step(batches[batch].inputs, batches[batch].targets).dispose();
    },
    loss(batch) {
      const loss = step(batches[batch].inputs, batches[batch].targets);
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    },
  };
}

/**
 * As `train` runs it: recorded and replayed, batches are copied in and the loss is read at every step.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export function byBatch(start) {
  return batchByBatch(start, compile);
}

/**
 * As `train` runs it without `compile`.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export function eager(start) {
  return batchByBatch(start, interpret);
}

/**
 * @param {Start} start
 * @param {import('@llm101/training').Compile} run
 * @returns {Promise<Runner>}
 */
async function batchByBatch(start, run) {
  const what = await begin();
  const { model, optimizer } = makeTask(start);
  const batches = splitBatches(start.batches);
  const onTensors = run(stepOf(model, optimizer));
  const step = (/** @type {number} */ batch) => runOnBatch(onTensors, batches[batch])[0];
  return { what, step, loss: step };
}

/** @returns {Promise<string>} versions, once the backend runs */
async function begin() {
  const { tfjsVersion } = await startBackend();
  return `on tfjs ${tfjsVersion}, Node ${process.versions.node}`;
}
