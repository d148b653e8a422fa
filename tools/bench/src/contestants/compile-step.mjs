import { stepOf } from '@llm101/training';

/** @typedef {import('@tensorflow/tfjs-core').Scalar} Scalar */
/** @typedef {import('@tensorflow/tfjs-core').Tensor1D} Tensor1D */
/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {(inputs: Tensor2D, targets: Tensor1D) => Scalar} Step - the caller disposes of the loss */

/**
 * The only file that knows how a step is compiled.
 *
 * @param {import('./tfjs-task.mjs').Task} task
 * @returns {Promise<Step | undefined>} undefined while `@llm101/wasm` has no `compile`
 */
export async function compileStep({ model, optimizer }) {
  const wasm = await import('@llm101/wasm');
  if (!('compile' in wasm)) return undefined;
  const compile = /** @type {(step: Step) => Step | Promise<Step>} */ (wasm.compile);
  return compile(stepOf(model, optimizer));
}
