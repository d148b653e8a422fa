import { runOnBatch, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { makeTask, splitBatches } from './tfjs-task.mjs';

/**
 * Ours as `train` runs it: recorded and replayed, batches are copied in and the loss is read at every step.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  const { tfjsVersion } = await startBackend();
  const { model, optimizer } = makeTask(start);
  const batches = splitBatches(start.batches);
  const compiled = compile(stepOf(model, optimizer));
  const step = (/** @type {number} */ batch) => runOnBatch(compiled, batches[batch])[0];
  return { what: `on tfjs ${tfjsVersion}, Node ${process.versions.node}`, step, loss: step };
}
