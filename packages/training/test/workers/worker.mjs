// A worker of tests: what goes wrong in it is said by its data.
import { compile, startBackend } from '@llm101/wasm';
import { interpret, serveWorker } from '@llm101/training';
import { mul } from '@tensorflow/tfjs-core';
import { makeReplica } from './replicas.mjs';

/**
 * @typedef {object} WorkerData
 * @property {import('./replicas.mjs').ReplicaSettings} settings
 * @property {boolean} [interpreted] not compiled
 * @property {'start' | 'exit at start' | 'no model' | 'step' | 'exit' | 'louder' | 'direction'} [failure]
 * @property {number} [after] passes in training, or computations of directions, before a failure
 */

/**
 * A model that fails after some passes in training.
 *
 * @param {import('@llm101/training').Trainable} model
 * @param {Pick<WorkerData, 'failure' | 'after'>} data
 * @returns {import('@llm101/training').Trainable}
 */
function failing(model, { failure, after = 0 }) {
  let passes = 0;
  return {
    parameters: () => model.parameters(),
    namedBuffers: () => model.namedBuffers?.() ?? new Map(),
    namedCounters: () => model.namedCounters?.() ?? new Map(),
    logits(tokens, mode) {
      if (mode === 'training' && ++passes > after) {
        if (failure === 'step') throw new RangeError('no more steps');
        if (failure === 'exit') process.exit(5);
      }
      const logits = model.logits(tokens, mode);
      return failure === 'louder' ? mul(logits, 2) : logits;
    },
  };
}

/**
 * An optimizer that fails after some computations of directions.
 *
 * @param {import('@llm101/training').Optimizer} optimizer
 * @param {Pick<WorkerData, 'failure' | 'after'>} data
 */
function misleading(optimizer, { failure, after = 0 }) {
  const { directions } = optimizer;
  if (failure !== 'direction' || directions === undefined) return optimizer;
  let calls = 0;
  /** @type {typeof directions.compute} */
  const compute = (gradients, parameters) => {
    if (++calls > after) throw new RangeError('no more directions');
    return directions.compute(gradients, parameters);
  };
  return Object.create(optimizer, { directions: { value: { ...directions, compute } } });
}

serveWorker(async (data) => {
  const { settings, interpreted, ...failure } = /** @type {WorkerData} */ (data);
  if (failure.failure === 'start') throw new RangeError('there is no such model');
  if (failure.failure === 'exit at start') process.exit(3);
  // what a caller without types may do
  if (failure.failure === 'no model') return /** @type {any} */ ({});
  await startBackend();
  const { model, optimizer } = makeReplica(settings);
  return {
    model: failure.failure === undefined ? model : failing(model, failure),
    optimizer: misleading(optimizer, failure),
    compile: interpreted ? interpret : compile,
    tasks: {
      /** @param {number} x */
      double: (x) => 2 * x,
      fail() {
        throw new RangeError('not this one');
      },
      /** @param {Int32Array} values */
      sum: (values) => values.reduce((a, b) => a + b),
    },
  };
});
