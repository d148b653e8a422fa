import {
  blockUntilReady,
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { createRequire } from 'node:module';
import { logitsOf } from './jax-js-models.mjs';
import { NO_DROPOUT, splitBatches, withoutDropout } from './tfjs-task.mjs';
import { nameOf, provideWebGpu } from './web-gpu.mjs';

/** @typedef {import('@jax-js/jax').Array} Value */
/** @typedef {import('./jax-js-models.mjs').Parameters} Parameters */

/**
 * jax-js on its wasm device, the whole step in `jit`, from preloaded arrays.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start(start) {
  const { take, finish } = await compiledOn('wasm', start);
  // Read at every step, as that is what runs it: unread steps pile up, and were 3x slower.
  const step = (/** @type {number} */ batch) => take(batch).item();
  return { what: `${version()} wasm, Node ${process.versions.node}`, step, loss: step, finish };
}

/** Losses that may be under way, as ours. */
const AHEAD = 4;

/**
 * The same on a GPU. Each loss is read, some steps later; by a synchronous read there is none in Node.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function startWebGpu(start) {
  await provideWebGpu();
  const { take, finish } = await compiledOn('webgpu', start);
  const loss = async (/** @type {number} */ batch) => (await take(batch).data())[0];
  /** @type {Promise<number>[]} */
  const underWay = [];
  return {
    what: `${version()} webgpu, ${nameOf(getWebGPUDevice().adapterInfo)}, Node ${process.versions.node}`,
    step(batch) {
      underWay.push(loss(batch));
      return underWay.length > AHEAD ? underWay.shift() : undefined;
    },
    loss,
    async finish() {
      await Promise.all(underWay.splice(0));
      await finish();
    },
  };
}

/**
 * @param {'wasm' | 'webgpu'} device
 * @param {import('../workload-file.mjs').Start} start
 */
async function compiledOn(device, start) {
  const { model, optimizer, parameters, batches } = start;
  if (withoutDropout(start) !== start) throw new Error(NO_DROPOUT);
  if (!(await init(device)).includes(device))
    throw new Error(`jax-js has no device ${device} here`);
  defaultDevice(device);
  const isAdam = optimizer.rule === 'adamw';
  const update = clipped(optimizer, isAdam ? adamw(optimizer) : sgd(optimizer));
  const compiled = jit(makeStep(logitsOf(model), update));
  const preloaded = splitBatches(batches).map(({ size, contextSize, inputs, targets }) => ({
    x: np.array(inputs, { shape: [size, contextSize], dtype: np.int32 }),
    y: np.array(targets, { dtype: np.int32 }),
  }));
  let p = load(parameters);
  /** @type {State} */
  let state = isAdam ? adamwState(p) : {};
  return {
    take: (/** @type {number} */ batch) => {
      const { x, y } = preloaded[batch];
      const [loss, nextP, nextState] = compiled(p, state, x.ref, y.ref);
      [p, state] = [nextP, nextState];
      return loss;
    },
    finish: () => blockUntilReady(p),
  };
}

/**
 * @param {(p: Parameters, tokens: Value) => Value} logits
 * @param {Update} update
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

/**
 * Parameters before and after; what the optimizer remembers, an empty object for SGD. All inputs are used up.
 *
 * @typedef {{ count?: Value, first?: Parameters, second?: Parameters }} State
 * @typedef {(p: Parameters, gradients: Parameters, state: State) => [p: Parameters, state: State]} Update
 */

/**
 * @param {(name: string) => Value} make
 * @param {Parameters} like
 * @returns {Parameters}
 */
const build = (make, like) =>
  Object.fromEntries(Object.keys(like).map((name) => [name, make(name)]));

/** @typedef {import('../workloads.mjs').OptimizerSpec} OptimizerSpec */

/**
 * @param {OptimizerSpec} optimizer
 * @returns {Update}
 */
const sgd =
  ({ learningRate }) =>
  (p, gradients, state) => [
    build((name) => np.subtract(p[name], np.multiply(gradients[name], learningRate)), p),
    state,
  ];

/**
 * @param {OptimizerSpec} optimizer
 * @returns {Update}
 */
const adamw = (optimizer) => (p, gradients, state) => {
  const { learningRate, betas = [0.9, 0.999], weightDecay = 0.01 } = optimizer;
  const [beta1, beta2] = betas;
  const { count: last = np.array(0), first: m = {}, second: v = {} } = state;
  const count = np.add(last, 1);
  const first = build((name) => {
    return np.add(np.multiply(m[name], beta1), np.multiply(gradients[name].ref, 1 - beta1));
  }, p);
  const second = build((name) => {
    return np.add(np.multiply(v[name], beta2), np.multiply(np.square(gradients[name]), 1 - beta2));
  }, p);
  const power = (/** @type {number} */ beta) =>
    np.subtract(1, np.exp(np.multiply(count.ref, Math.log(beta))));
  const stepSize = np.divide(learningRate, power(beta1));
  const correction = np.sqrt(power(beta2));
  const next = build((name) => {
    const scale = np.add(np.divide(np.sqrt(second[name].ref), correction.ref), 1e-8);
    const change = np.multiply(np.divide(first[name].ref, scale), stepSize.ref);
    const decays = p[name].ndim >= 2 || optimizer.decaysVectors !== false;
    return np.subtract(np.multiply(p[name], decays ? 1 - learningRate * weightDecay : 1), change);
  }, p);
  stepSize.dispose();
  correction.dispose();
  return [next, { count, first, second }];
};

/**
 * @param {OptimizerSpec} optimizer
 * @param {Update} update
 * @returns {Update} the same, of gradients whose norm over all parameters is bounded
 */
function clipped({ clipNorm }, update) {
  if (clipNorm === undefined) return update;
  return (p, gradients, state) => {
    const squares = Object.values(gradients).map((gradient) => np.sum(np.square(gradient.ref)));
    const norm = np.sqrt(squares.reduce((a, b) => np.add(a, b)));
    const scale = np.minimum(1, np.divide(clipNorm, np.add(norm, 1e-6)));
    const scaled = build((name) => np.multiply(gradients[name], scale.ref), gradients);
    scale.dispose();
    return update(p, scaled, state);
  };
}

/**
 * @param {Parameters} p - kept
 * @returns {State}
 */
function adamwState(p) {
  const zeros = () => build((name) => np.zeros(p[name].shape), p);
  return { count: np.array(0, { dtype: np.float32 }), first: zeros(), second: zeros() };
}
