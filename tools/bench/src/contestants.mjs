import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Who makes the steps. Each is a process of its own: it gets the workload's file as its last argument and speaks the
 * lines that `serve.mjs` describes.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {boolean} isPeer - another project's
 * @property {'one' | 'all'} threads - one thread pinned to one core, or as many as there are cores
 * @property {readonly string[]} command
 * @property {boolean} [isFused] - multiplies and adds in one instruction of relaxed SIMD
 * @property {boolean} [isForQuick] - takes part only where a step is quick: what it measures matters only there
 */

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
/** A contestant in JavaScript, by its module. */
export const javaScript = (/** @type {string} */ module) => [
  process.execPath,
  path('./serve.mjs'),
  module,
];
/** The same with the packages of another checkout, which is built. */
export const otherCheckout = (/** @type {string} */ checkout, /** @type {string} */ module) => {
  const [node, ...args] = javaScript(module);
  const hook = new URL('./other-checkout.mjs', import.meta.url);
  hook.searchParams.set('checkout', resolve(checkout));
  return [node, '--import', hook.href, ...args];
};
/** One in Python, by its file. */
const python = (/** @type {string} */ file, /** @type {readonly string[]} */ ...options) => [
  process.env['LLM101_PYTHON'] ?? 'python3',
  path(`./python/${file}`),
  ...options,
];

const ours = { isPeer: false };
const peer = { isPeer: true };
const one = { threads: /** @type {const} */ ('one') };
const all = { threads: /** @type {const} */ ('all') };
const byBatch = { isForQuick: true };

/** Ours with the plain step: what others are compared with. */
export const REFERENCE = 'llm101';

/** @type {readonly Contestant[]} */
const everyone = [
  { name: REFERENCE, ...ours, ...one, command: javaScript('llm101') },
  {
    name: 'llm101 relaxed',
    ...ours,
    ...one,
    isFused: true,
    command: javaScript('llm101-relaxed'),
  },
  { name: 'llm101 eager', ...ours, ...one, ...byBatch, command: javaScript('llm101-eager') },
  { name: 'PyTorch', ...peer, ...one, command: python('torch_eager.py') },
  {
    name: 'PyTorch batch by batch',
    ...peer,
    ...one,
    ...byBatch,
    command: python('torch_eager.py', '--by-batch'),
  },
  { name: 'JAX jit', ...peer, ...one, command: python('jax_jit.py') },
  {
    name: 'JAX batch by batch',
    ...peer,
    ...one,
    ...byBatch,
    command: python('jax_jit.py', '--by-batch'),
  },
  { name: 'jax-js jit', ...peer, ...one, command: javaScript('jax-js') },
  { name: 'tfjs stock', ...peer, ...one, command: javaScript('tfjs-stock') },
  { name: 'llm101, all threads', ...ours, ...all, command: javaScript('llm101-threads') },
  {
    name: 'llm101 relaxed, all threads',
    ...ours,
    ...all,
    isFused: true,
    command: javaScript('llm101-threads-relaxed'),
  },
  { name: 'PyTorch, all threads', ...peer, ...all, command: python('torch_eager.py') },
  { name: 'JAX jit, all threads', ...peer, ...all, command: python('jax_jit.py') },
];

/** Ours on a GPU: what others are compared with there. */
export const GPU_REFERENCE = 'llm101 WebGPU';

/**
 * Who makes steps on a GPU, and ours on wasm beside them. Only processes of one thread are pinned, so that these are as of all.
 *
 * @param {object} options
 * @param {boolean} options.isLarge - too much for wasm
 * @param {string} options.torchDevice - as PyTorch names it
 * @returns {readonly Contestant[]}
 */
export function gpuContestants({ isLarge, torchDevice }) {
  const torch = (/** @type {readonly string[]} */ ...options) =>
    python('torch_eager.py', '--device', torchDevice, ...options); // bounded: one at most
  const wasm = [
    { name: 'llm101 wasm, one thread', ...ours, ...one, command: javaScript('llm101') },
    { name: 'llm101 wasm, all threads', ...ours, ...all, command: javaScript('llm101-threads') },
  ];
  return [
    { name: GPU_REFERENCE, ...ours, ...all, command: javaScript('llm101-webgpu') },
    { name: 'tfjs WebGPU', ...peer, ...all, command: javaScript('tfjs-webgpu') },
    { name: 'jax-js WebGPU jit', ...peer, ...all, command: javaScript('jax-js-webgpu') },
    { name: 'PyTorch', ...peer, ...all, command: torch() },
    ...(isLarge ? [] : wasm),
    { name: 'PyTorch compiled', ...peer, ...all, command: torch('--compile') }, // the longest to start
  ];
}

/** How many threads "all" are. */
export const CORES = availableParallelism();

/**
 * @param {{ isQuick?: boolean }} workload
 * @returns {readonly Contestant[]}
 */
export function contestantsFor({ isQuick = false }) {
  return everyone.filter(
    ({ threads, isForQuick = false }) =>
      (threads === 'one' || CORES > 1) && (isQuick || !isForQuick),
  );
}

/** Measured beside them: what a core can do, in two instructions and in one. @type {readonly Contestant[]} */
export const peaks = [
  { name: 'peak', ...peer, ...one, command: javaScript('peak') },
  { name: 'peak, fused', ...peer, ...one, isFused: true, command: javaScript('peak-fused') },
];
