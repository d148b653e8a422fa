import { numpy as np } from '@jax-js/jax';

/** @typedef {import('@jax-js/jax').Array} Value */
/** @typedef {import('./jax-js-models.mjs').Parameters} Parameters */

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

/**
 * @param {number} rate
 * @returns {Update}
 */
export const sgd = (rate) => (p, gradients, state) => [
  build((name) => np.subtract(p[name], np.multiply(gradients[name], rate)), p),
  state,
];

/**
 * @param {number} rate
 * @returns {Update}
 */
export const adamw = (rate) => (p, gradients, state) => {
  const { count: last = np.array(0), first: m = {}, second: v = {} } = state;
  const count = np.add(last, 1);
  const first = build((name) => {
    return np.add(np.multiply(m[name], 0.9), np.multiply(gradients[name].ref, 0.1));
  }, p);
  const second = build((name) => {
    return np.add(np.multiply(v[name], 0.999), np.multiply(np.square(gradients[name]), 0.001));
  }, p);
  const power = (/** @type {number} */ beta) =>
    np.subtract(1, np.exp(np.multiply(count.ref, Math.log(beta))));
  const [stepSize, correction] = [np.divide(rate, power(0.9)), np.sqrt(power(0.999))];
  const next = build((name) => {
    const scale = np.add(np.divide(np.sqrt(second[name].ref), correction.ref), 1e-8);
    const change = np.multiply(np.divide(first[name].ref, scale), stepSize.ref);
    return np.subtract(np.multiply(p[name], 1 - rate * 0.01), change);
  }, p);
  stepSize.dispose();
  correction.dispose();
  return [next, { count, first, second }];
};

/**
 * @param {Parameters} p - kept
 * @returns {State}
 */
export function adamwState(p) {
  const zeros = () => build((name) => np.zeros(p[name].shape), p);
  return { count: np.array(0, { dtype: np.float32 }), first: zeros(), second: zeros() };
}
