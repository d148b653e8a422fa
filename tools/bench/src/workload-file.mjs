import { readFileSync, writeFileSync } from 'node:fs';
import { stateDict } from '@llm101/models';
import { Generator } from '@llm101/random';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';

/** Preloaded batches: enough that no contestant sees the same twice while its losses are compared. */
const BATCHES = 64;
const SEED = 101;

/**
 * What a contestant starts from, the same for all.
 *
 * @typedef {object} Start
 * @property {string} name - of the workload
 * @property {number} learningRate
 * @property {Readonly<Record<string, { shape: readonly number[], data: Float32Array }>>} parameters - by PyTorch's names
 * @property {import('./workloads.mjs').Batches} batches
 */

/**
 * Writes initial values and batches of a workload: parameters under their names, `inputs` `[K, B, T]`, `targets`
 * `[K, …]`, the rest as metadata. tfjs' backend must run.
 *
 * @param {string} file
 * @param {Pick<import('./workloads.mjs').Workload, 'name' | 'learningRate' | 'makeModel' | 'makeBatches'>} workload
 */
export async function writeWorkload(file, { name, learningRate, makeModel, makeBatches }) {
  const { count, batchSize, contextSize, inputs, targets } = await makeBatches(BATCHES);
  const model = makeModel(Generator.seeded(SEED));
  const tensors = {
    ...stateDict(model),
    inputs: { dtype: I32, shape: [count, batchSize, contextSize], data: inputs },
    targets: { dtype: I32, shape: [count, targets.length / count], data: targets },
  };
  writeFileSync(file, writeSafetensors(tensors, { name, learningRate: String(learningRate) }));
}

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
  const [count, batchSize, contextSize] = inputs.shape;
  return {
    name: metadata['name'],
    learningRate: Number(metadata['learningRate']),
    parameters: Object.fromEntries(parameters),
    batches: { count, batchSize, contextSize, inputs: inputs.data, targets: targets.data },
  };
}
