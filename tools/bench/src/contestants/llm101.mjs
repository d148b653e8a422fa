import { interpret, stepOf } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { hasRelaxedSimd, NO_RELAXED_SIMD } from './peak.mjs';
import { makeTask, splitBatches, withoutDropout } from './tfjs-task.mjs';

/** @typedef {import('../workload-file.mjs').Start} Start */
/** @typedef {import('../serve.mjs').Runner} Runner */

/**
 * As `train` runs it: recorded and replayed, batches are copied in and the loss is read at every step.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export function compiled(start) {
  return oneThread(start, (step) => compile(step, { rehearse: 'sometimes', relaxedSimd: false }));
}

/**
 * The same with products in relaxed SIMD.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export function relaxed(start) {
  if (!hasRelaxedSimd()) throw new Error(NO_RELAXED_SIMD);
  return oneThread(start, (step) => compile(step, { rehearse: 'sometimes', relaxedSimd: true }));
}

/**
 * As `train` runs it without `compile`.
 *
 * @param {Start} start
 * @returns {Promise<Runner>}
 */
export function eager(start) {
  return oneThread(start, interpret);
}

/** @typedef {import('@llm101/training').StepOnTensors} Step */
/** @typedef {Pick<import('@llm101/training').Compiled<import('@llm101/training').BatchTensors, ReturnType<Step>>, 'read'>} Readable */

/**
 * @param {Start} start
 * @param {(step: Step) => Readable} run
 * @returns {Promise<Runner>}
 */
async function oneThread(start, run) {
  const { tfjsVersion } = await startBackend({ relaxedSimd: true });
  const batches = splitBatches(start.batches).map(({ size, contextSize, inputs, targets }) => ({
    inputs: { values: inputs, shape: [size, contextSize] },
    targets: { values: targets, shape: [targets.length] },
  }));
  const stepper = (/** @type {Start} */ from) => {
    const { model, optimizer } = makeTask(from);
    const onTensors = run(stepOf(model, optimizer));
    return (/** @type {number} */ batch) => {
      const { inputs, targets } = batches[batch];
      return onTensors.read(inputs, targets)[0];
    };
  };
  const compared = withoutDropout(start);
  const step = stepper(start);
  const loss = compared === start ? step : stepper(compared);
  return { what: `on tfjs ${tfjsVersion}, Node ${process.versions.node}`, step, loss };
}
