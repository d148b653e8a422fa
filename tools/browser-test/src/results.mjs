/** @import { Result } from './pages/programs.mjs' */

/**
 * What a browser is compared with.
 *
 * @typedef {object} Context
 * @property {Readonly<Record<string, Result>>} expected - what Node has got, by program
 * @property {Readonly<Record<string, number[]>>} losses - what it has got by `firstLosses`
 * @property {string} pages - the folder of the bundled pages
 */

/**
 * @param {unknown} found - as `firstLosses` gives it on another backend
 * @param {Context['losses']} expected
 * @returns {string} that they are nearly the same
 */
export function compareLosses(found, expected) {
  const losses = /** @type {Context['losses']} */ (found);
  for (const [name, values] of Object.entries(expected)) {
    const isNear = values.every((loss, i) => Math.abs(loss - losses[name][i]) < 0.001);
    if (!isNear)
      throw new Error(`${name}: must be near ${values.join(', ')}; got ${losses[name].join(', ')}`);
  }
  return `${Object.keys(expected).join(', ')}: losses of wasm to 0.001`;
}

/**
 * @param {Result} found
 * @param {Result} expected
 * @returns {string} that they are the same
 */
export function compare(found, expected) {
  const [a, b] = [found, expected].map((result) => JSON.stringify(result));
  if (a !== b) throw new Error(`must give Node's ${b}; got ${a}`);
  return `${found.steps} steps, Node's bytes`;
}
