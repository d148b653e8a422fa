import { readFileSync, writeFileSync } from 'node:fs';
import { Generator } from '@llm101/random';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { makeModel } from './models/kinds.mjs';

/** Preloaded batches: enough that no contestant sees the same twice while its losses are compared. */
export const BATCHES = 64;
const SEED = 101;

/**
 * What a contestant starts from, the same for all.
 *
 * @typedef {object} Start
 * @property {import('./models/kinds.mjs').ModelSpec} model
 * @property {import('./workloads.mjs').OptimizerSpec} optimizer
 * @property {Readonly<Record<string, { shape: readonly number[], data: Float32Array }>>} parameters - by PyTorch's names
 * @property {import('./workload-batches.mjs').Batches} batches
 */

/**
 * Writes initial values and batches of a workload: parameters under their names, `inputs` `[K, B, T]`, `targets`
 * `[K, …]`, the rest as metadata. tfjs' backend must run.
 *
 * @param {string} file
 * @param {Pick<Start, 'model' | 'optimizer' | 'batches'>} workload
 */
export function writeWorkload(file, { model: spec, optimizer, batches }) {
  const { count, batchSize, length, inputs, targets } = batches;
  const model = makeModel(spec, Generator.seeded(SEED));
  const parameters = [...model.namedParameters()].map(([name, parameter]) => {
    return [name, { dtype: F32, shape: parameter.shape, data: parameter.dataSync() }];
  });
  const tensors = {
    ...Object.fromEntries(parameters),
    inputs: { dtype: I32, shape: [count, batchSize, length], data: inputs },
    targets: { dtype: I32, shape: [count, targets.length / count], data: targets },
  };
  model.dispose();
  const metadata = { model: JSON.stringify(spec), optimizer: JSON.stringify(optimizer) };
  writeFileSync(file, writeSafetensors(tensors, metadata));
}

const F32 = /** @type {const} */ ('F32');
const I32 = /** @type {const} */ ('I32');

/**
 * @param {string} file
 * @returns {Start}
 */
export function readWorkload(file) {
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const { inputs, targets, ...rest } = tensors;
  if (inputs.dtype !== 'I32' || targets.dtype !== 'I32') {
    throw new TypeError(`bench: ${file} must hold I32 inputs and targets`);
  }
  const parameters = Object.entries(rest).map(([name, { dtype, shape, data }]) => {
    if (dtype !== 'F32') throw new TypeError(`bench: ${name} must be F32; got ${dtype}`);
    return [name, { shape, data }];
  });
  const [count, batchSize, length] = inputs.shape;
  return {
    model: JSON.parse(metadata['model']),
    optimizer: JSON.parse(metadata['optimizer']),
    parameters: Object.fromEntries(parameters),
    batches: { count, batchSize, length, inputs: inputs.data, targets: targets.data },
  };
}
