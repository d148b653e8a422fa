import { compile } from '@llm101/wasm';
import { makeTask } from './tfjs-task.mjs';

/**
 * What a thread makes its replica of.
 *
 * @typedef {Omit<import('../workload-file.mjs').Start, 'batches'> & { relaxedSimd: boolean }} PartsData
 */

/**
 * The same on each thread. tfjs' backend must run.
 *
 * @param {PartsData} data
 */
export function partsOf({ relaxedSimd, ...start }) {
  const { model, optimizer } = makeTask(start);
  /** @type {import('@llm101/training').Trainable} */
  const trained = {
    logits: (tokens, mode) => model.logits(tokens, mode),
    parameters: () => model.parameters(),
    namedParameters: () => model.namedParameters(),
    // Without buffers: those that these models have are the biases that they lack.
    namedCounters: () => model.namedCounters(),
  };
  /** @type {import('@llm101/training').Compile} */
  const run = (step, settings) => compile(step, { ...settings, relaxedSimd });
  return { model: trained, optimizer, compile: run };
}
