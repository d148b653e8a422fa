import { tensor, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { adamw, muon, muonGroups, sgd } from '@llm101/training';
import { makeModel } from '../models/kinds.mjs';

/** @typedef {import('../workload-file.mjs').Start} Start */

/**
 * @typedef {object} Task
 * @property {import('../models/kinds.mjs').Model} model
 * @property {import('@llm101/training').Optimizer} optimizer
 */

/**
 * The model of a workload with its initial values, and its optimizer. tfjs' backend must run.
 *
 * @param {Pick<Start, 'model' | 'optimizer' | 'parameters'>} start
 * @returns {Task}
 */
export function makeTask({ model: spec, optimizer, parameters: values }) {
  const model = makeModel(spec, Generator.seeded(0));
  for (const [name, parameter] of model.namedParameters()) {
    const { shape, data } = values[name];
    tidy(() => parameter.assign(tensor(data, [...shape])));
  }
  return { model, optimizer: makeOptimizer(model, optimizer, spec.vocabSize) };
}

/**
 * @param {import('../models/kinds.mjs').Model} model
 * @param {Start['optimizer']} optimizer
 * @param {number} vocabSize
 * @returns {import('@llm101/training').Optimizer}
 */
export function makeOptimizer(model, { rule, decaysVectors = true, ...settings }, vocabSize) {
  const parameters = model.parameters();
  if (rule === 'sgd') return sgd(parameters, settings);
  if (rule === 'muon') return muon(muonGroups(model, vocabSize), settings);
  const vectors = decaysVectors ? [] : parameters.filter(({ rank }) => rank < 2);
  const others = parameters.filter((parameter) => !vectors.includes(parameter));
  const groups = [{ parameters: others }, { parameters: vectors, weightDecay: 0 }];
  return adamw(
    groups.filter((group) => group.parameters.length > 0),
    settings,
  );
}

/** Why jax-js and stock tfjs have no figures of blocks as they are built now. */
export const NO_MODERN_BLOCKS = 'left out, as these blocks are compared with PyTorch and JAX alone';

/** Why others than PyTorch have no figures of dropout. */
export const NO_DROPOUT = "left out, as dropout is compared with PyTorch's alone";

/**
 * What losses are compared of: masks of dropout are drawn by each contestant's own generator.
 *
 * @param {Start} start
 * @returns {Start} the same where it has none
 */
export function withoutDropout(start) {
  const { model } = start;
  const hasDropout = model.kind === 'gpt' && model.dropout !== undefined;
  return hasDropout ? { ...start, model: { ...model, dropout: 0 } } : start;
}

/**
 * @param {import('../workload-batches.mjs').Batches} batches
 * @returns {import('@llm101/data').Batch[]} K batches as a data loader gives them
 */
export function splitBatches({ count, batchSize, length, inputs, targets }) {
  const [inputLength, targetLength] = [inputs.length / count, targets.length / count];
  return Array.from({ length: count }, (_, i) => ({
    size: batchSize,
    contextSize: length,
    inputs: inputs.slice(i * inputLength, (i + 1) * inputLength),
    targets: targets.slice(i * targetLength, (i + 1) * targetLength),
  }));
}

/**
 * @param {import('../workload-batches.mjs').Batches} batches
 * @returns {{ inputs: import('@tensorflow/tfjs-core').Tensor2D, targets: import('@tensorflow/tfjs-core').Tensor1D }[]}
 */
export function loadTensors(batches) {
  return splitBatches(batches).map(({ size, contextSize, inputs, targets }) => ({
    inputs: tensor2d(inputs, [size, contextSize], 'int32'),
    targets: tensor1d(targets, 'int32'),
  }));
}
