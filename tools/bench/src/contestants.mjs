import { fileURLToPath } from 'node:url';

/**
 * Who makes the steps. Each is a process of its own: it gets the workload's file as its last argument and speaks the
 * lines that `serve.mjs` describes.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {boolean} isPeer - another project's
 * @property {readonly string[]} command
 * @property {boolean} [byBatch] - as a training loop has it: each batch comes from the host's memory, each loss is read
 */

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
/** A contestant in JavaScript, by its module. */
export const javaScript = (/** @type {string} */ module) => [
  process.execPath,
  path('./serve.mjs'),
  module,
];
/** One in Python, by its file. */
export const python = (/** @type {string} */ file, /** @type {readonly string[]} */ ...options) => [
  process.env['LLM101_PYTHON'] ?? 'python3',
  path(`./python/${file}`),
  ...options,
];

/** Ours with the plain step: what others are compared with. */
export const REFERENCE = 'llm101 eager';

/** @type {readonly Contestant[]} */
export const contestants = [
  { name: 'llm101 compiled', isPeer: false, command: javaScript('llm101-compiled') },
  { name: REFERENCE, isPeer: false, command: javaScript('llm101-eager') },
  { name: 'tfjs stock', isPeer: true, command: javaScript('tfjs-stock') },
  { name: 'jax-js jit', isPeer: true, command: javaScript('jax-js') },
  { name: 'PyTorch eager', isPeer: true, command: python('torch_eager.py') },
  { name: 'JAX jit', isPeer: true, command: python('jax_jit.py') },
  {
    name: 'llm101 batch by batch',
    isPeer: false,
    byBatch: true,
    command: javaScript('llm101-by-batch'),
  },
  {
    name: 'PyTorch batch by batch',
    isPeer: true,
    byBatch: true,
    command: python('torch_eager.py', '--by-batch'),
  },
  {
    name: 'JAX batch by batch',
    isPeer: true,
    byBatch: true,
    command: python('jax_jit.py', '--by-batch'),
  },
];

/** Measured beside them: what the core can do. */
export const peakCommand = javaScript('peak');
