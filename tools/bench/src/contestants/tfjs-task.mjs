import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { loadStateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, sgd } from '@llm101/training';
import { workloads } from '../workloads.mjs';

/**
 * @typedef {object} Task
 * @property {import('../workloads.mjs').Model} model
 * @property {import('@llm101/training').Optimizer} optimizer
 */

/**
 * The model of a workload with its initial values, and its optimizer. tfjs' backend must run.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Task}
 */
export function makeTask({ name, learningRate, parameters }) {
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new RangeError(`bench: there is no workload '${name}'`);
  const model = workload.makeModel(Generator.seeded(0));
  const state = Object.entries(parameters).map(([key, { shape, data }]) => {
    return [key, { dtype: /** @type {const} */ ('F32'), shape, data }];
  });
  loadStateDict(model, Object.fromEntries(state));
  const make = workload.optimizer === 'sgd' ? sgd : adamw;
  return { model, optimizer: make(model.parameters(), { learningRate }) };
}

/**
 * @param {import('../workloads.mjs').Batches} batches
 * @returns {import('@llm101/data').Batch[]} K batches as a data loader gives them
 */
export function splitBatches({ count, batchSize, contextSize, inputs, targets }) {
  const [inputLength, targetLength] = [inputs.length / count, targets.length / count];
  return Array.from({ length: count }, (_, i) => ({
    size: batchSize,
    contextSize,
    inputs: inputs.slice(i * inputLength, (i + 1) * inputLength),
    targets: targets.slice(i * targetLength, (i + 1) * targetLength),
  }));
}

/**
 * @param {import('../workloads.mjs').Batches} batches
 * @returns {{ inputs: import('@tensorflow/tfjs-core').Tensor2D, targets: import('@tensorflow/tfjs-core').Tensor1D }[]}
 */
export function loadTensors(batches) {
  return splitBatches(batches).map(({ size, contextSize, inputs, targets }) => ({
    inputs: tensor2d(inputs, [size, contextSize], 'int32'),
    targets: tensor1d(targets, 'int32'),
  }));
}
