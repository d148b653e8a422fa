import { stepOf } from '@llm101/training';
import { env, setBackend, tidy, version_core } from '@tensorflow/tfjs-core';
import { checkStock, makeStockTask } from './tfjs-stock-task.mjs';
import { loadTensors } from './tfjs-task.mjs';

import '@tensorflow/tfjs-backend-wasm';

/**
 * tfjs as it is: its own kernels, its own gradients, from preloaded tensors. The wasm backend has no kernel for the
 * gradient of a look-up.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  checkStock(start);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await setBackend('wasm');
  const { model, optimizer } = await makeStockTask(start);
  const onTensors = stepOf(model, optimizer);
  const batches = loadTensors(start.batches);
  const take = (/** @type {number} */ batch) => {
    const { inputs, targets } = batches[batch];
    return onTensors(inputs, targets);
  };
  return {
    what: `${version_core} wasm, Node ${process.versions.node}`,
    step: (batch) => take(batch).dispose(),
    loss: (batch) => tidy(() => take(batch).dataSync()[0]),
  };
}
