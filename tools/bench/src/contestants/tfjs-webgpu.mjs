import { stepOf } from '@llm101/training';
import { backend, setBackend, version_core } from '@tensorflow/tfjs-core';
import { checkStock, makeStockTask } from './tfjs-stock-task.mjs';
import { loadTensors } from './tfjs-task.mjs';
import { nameOf, provideWebGpu } from './web-gpu.mjs';

/** A loss is read every so many steps, and waited for: unread, they pile up in the queue. */
const READ_EVERY = 10;

/**
 * tfjs as it is on its own WebGPU backend, operation by operation, from preloaded tensors.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  checkStock(start);
  await provideWebGpu();
  await import('@tensorflow/tfjs-backend-webgpu'); // looks for WebGPU
  if (!(await setBackend('webgpu')))
    throw new Error('tfjs has found no GPU for its WebGPU backend');
  const { model, optimizer } = await makeStockTask(start);
  const onTensors = stepOf(model, optimizer);
  const batches = loadTensors(start.batches);
  const take = (/** @type {number} */ batch) => {
    const { inputs, targets } = batches[batch];
    return onTensors(inputs, targets);
  };
  const loss = async (/** @type {number} */ batch) => {
    const made = take(batch);
    const [value] = await made.data(); // a synchronous read loses the device
    made.dispose();
    return value;
  };
  let unread = 0;
  const used = /** @type {{ device: GPUDevice }} */ (/** @type {object} */ (backend()));
  return {
    what: `${version_core} webgpu, ${nameOf(used.device.adapterInfo)}, Node ${process.versions.node}`,
    async step(batch) {
      unread = (unread + 1) % READ_EVERY;
      if (unread === 0) await loss(batch);
      else take(batch).dispose();
    },
    loss,
    finish: () => model.parameters().at(-1)?.data(), // after all that is submitted
  };
}
