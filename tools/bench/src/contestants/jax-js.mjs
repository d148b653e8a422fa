import { createRequire } from 'node:module';
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { workloads } from '../workloads.mjs';
import { models } from './jax-js-models.mjs';
import { adamw, adamwState, sgd } from './jax-js-optimizers.mjs';
import { splitBatches } from './tfjs-task.mjs';

/** @typedef {import('@jax-js/jax').Array} Value */
/** @typedef {import('./jax-js-models.mjs').Parameters} Parameters */
/** @typedef {import('./jax-js-optimizers.mjs').State} State */

/**
 * jax-js on its wasm device, the whole step in `jit`, from preloaded arrays.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start({ name, learningRate, parameters, batches }) {
  await init('wasm');
  defaultDevice('wasm');
  const { optimizer } = workloads.find((workload) => workload.name === name) ?? {};
  const isAdam = optimizer === 'adamw';
  const compiled = jit(makeStep(models[name], (isAdam ? adamw : sgd)(learningRate)));
  const preloaded = splitBatches(batches).map(({ size, contextSize, inputs, targets }) => ({
    x: np.array(inputs, { shape: [size, contextSize], dtype: np.int32 }),
    y: np.array(targets, { dtype: np.int32 }),
  }));
  let p = load(parameters);
  /** @type {State} */
  let state = isAdam ? adamwState(p) : {};
  // Read at every step, as that is what runs it: unread steps pile up, and were 3x slower.
  const step = (/** @type {number} */ batch) => {
    const { x, y } = preloaded[batch];
    const [loss, nextP, nextState] = compiled(p, state, x.ref, y.ref);
    [p, state] = [nextP, nextState];
    return loss.item();
  };
  return {
    what: `${version()} wasm, Node ${process.versions.node}`,
    step,
    loss: step,
    finish: () => blockUntilReady(p),
  };
}

/**
 * @param {(p: Parameters, tokens: Value) => Value} logits
 * @param {import('./jax-js-optimizers.mjs').Update} update
 */
function makeStep(logits, update) {
  const loss = (/** @type {Parameters} */ p, /** @type {Value} */ x, /** @type {Value} */ y) => {
    const scores = nn.logSoftmax(logits(p, x)); // [rows, V]
    const chosen = np.multiply(scores, nn.oneHot(y, scores.shape[1]));
    return np.negative(np.mean(np.sum(chosen, -1)));
  };
  /**
   * @param {Parameters} p
   * @param {State} state
   * @param {Value} x
   * @param {Value} y
   * @returns {[loss: Value, p: Parameters, state: State]}
   */
  return (p, state, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(p), x, y);
    return [value, ...update(p, gradients, state)];
  };
}

/**
 * @param {import('../workload-file.mjs').Start['parameters']} parameters
 * @returns {Parameters}
 */
function load(parameters) {
  const entries = Object.entries(parameters);
  return Object.fromEntries(
    entries.map(([name, { shape, data }]) => [name, np.array(data, { shape: [...shape] })]),
  );
}

function version() {
  const entry = createRequire(import.meta.url).resolve('@jax-js/jax');
  const manifest = createRequire(entry)('../package.json');
  return /** @type {string} */ (manifest.version);
}
