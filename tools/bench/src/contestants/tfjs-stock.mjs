import {
  env,
  matMul,
  oneHot,
  registerGradient,
  reshape,
  setBackend,
  tidy,
  version_core,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { stepOf } from '@llm101/training';
import { Transformer } from '../models/transformer.mjs';
import { attendByMask } from './attend-by-mask.mjs';
import { loadTensors, makeTask } from './tfjs-task.mjs';

/**
 * tfjs as it is: its own kernels, its own gradients, from preloaded tensors. The wasm backend has no kernel for the
 * gradient of a look-up, so embeddings are products with one-hot rows, as its users write them.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await setBackend('wasm');
  await registerGradients();
  const { model, optimizer } = makeTask(start);
  lookUpByProduct(model);
  if (model instanceof Transformer) {
    for (const { attention } of model.blocks) attendByMask(attention, model);
  }
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

/**
 * tfjs-core's own gradients, which Node can't import from it: the bundle that `@llm101/wasm` makes of them, by its
 * path, since the package's entry would register our kernels too.
 */
async function registerGradients() {
  const file = new URL('../../../../packages/wasm/dist/gradients.js', import.meta.url);
  /** @type {{ gradients: readonly import('@tensorflow/tfjs-core').GradConfig[] }} */
  const { gradients } = await import(file.href);
  for (const gradient of gradients) registerGradient(gradient);
}

/** @param {import('../workloads.mjs').Model} model */
function lookUpByProduct({ embedding }) {
  const { weight } = embedding;
  const [V, C] = weight.shape;
  embedding.forward = (tokens) => {
    const [B, T] = tokens.shape;
    return reshape(matMul(oneHot(reshape(tokens, [B * T]), V), weight), [B, T, C]);
  };
}
