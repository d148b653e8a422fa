import { CausalSelfAttention, Embedding } from '@llm101/models';
import {
  add,
  keep,
  linalg,
  matMul,
  mul,
  oneHot,
  ones,
  registerGradient,
  reshape,
  scalar,
  softmax,
  split,
  sub,
  transpose,
} from '@tensorflow/tfjs-core';
import { makeTask, NO_DROPOUT, NO_MODERN_BLOCKS, withoutDropout } from './tfjs-task.mjs';

/** @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor */

/**
 * A workload by tfjs' own kernels and gradients alone, as its users write it: embeddings are products with one-hot rows. The backend must run.
 *
 * @param {import('../workload-file.mjs').Start} start
 * @returns {Promise<import('./tfjs-task.mjs').Task>}
 */
export async function makeStockTask(start) {
  await registerGradients();
  const task = makeTask(start);
  for (const module of modulesOf(task.model)) {
    if (module instanceof Embedding) lookUpByProduct(module);
    if (module instanceof CausalSelfAttention) attendByMask(module, headsOf(start.model));
  }
  return task;
}

/**
 * @param {import('../workload-file.mjs').Start} start
 * @throws {Error} that says why stock tfjs is left out
 */
export function checkStock(start) {
  if (withoutDropout(start) !== start) throw new Error(NO_DROPOUT);
  if (start.model.kind === 'modern-gpt') throw new Error(NO_MODERN_BLOCKS);
}

/**
 * tfjs-core's own gradients, which Node can't import from it: the bundle that `@llm101/wasm` makes of them, by its
 * path, since the package's entry would register our kernels too.
 */
async function registerGradients() {
  const file = new URL('../../../../packages/wasm/dist/gradients.js', import.meta.url);
  /** @type {{ gradients: readonly import('@tensorflow/tfjs-core').GradConfig[] }} */
  const { gradients } = await import(file.href);
  for (const gradient of gradients) registerGradient(gradient);
}

/**
 * @param {import('@llm101/models').Module} module
 * @returns {import('@llm101/models').Module[]} it and all below it
 */
function modulesOf(module) {
  const below = module.children().flatMap(([, child]) => child);
  return [module, ...below.flatMap((child) => modulesOf(child))];
}

/** @param {import('../models/kinds.mjs').ModelSpec} model */
const headsOf = (model) => (model.kind === 'gpt' || model.kind === 'megabyte' ? model.heads : 1);

/** @param {Embedding} embedding */
function lookUpByProduct(embedding) {
  const { weight } = embedding;
  const [V, C] = weight.shape;
  /** @type {(tokens: any) => any} */
  const forward = (tokens) => {
    const [B, T] = tokens.shape;
    return reshape(matMul(oneHot(reshape(tokens, [B * T]), V), weight), [B, T, C]);
  };
  embedding.forward = forward;
}

/** @type {Map<number, Tensor>} */
const masks = new Map();

/**
 * Makes attention what users of tfjs write: scores of all pairs, and a mask that is made once.
 *
 * @param {CausalSelfAttention} attention
 * @param {number} heads
 */
function attendByMask(attention, heads) {
  const { in_proj_weight: weight, in_proj_bias: bias, out_proj: output } = attention;
  attention.forward = (x) => {
    const [B, T, C] = x.shape;
    const d = C / heads;
    const rows = matMul(reshape(x, [B * T, C]), /** @type {Tensor} */ (weight), false, true);
    const qkv = reshape(add(rows, bias), [B, T, 3 * C]);
    const byHead = (/** @type {Tensor} */ part) =>
      transpose(reshape(part, [B, T, heads, d]), [0, 2, 1, 3]);
    const [query, key, value] = split(qkv, 3, -1).map(byHead); // [B, h, T, d]
    const scores = mul(matMul(query, key, false, true), 1 / Math.sqrt(d)); // [B, h, T, T]
    const attended = matMul(softmax(add(scores, causalMask(T))), value); // [B, h, T, d]
    return output.forward(reshape(transpose(attended, [0, 2, 1, 3]), [B, T, C]));
  };
}

/**
 * @param {number} T
 * @returns {Tensor} `[T, T]`, 0 where a token may look, -1e9 after it
 */
function causalMask(T) {
  const made =
    masks.get(T) ?? keep(mul(sub(scalar(1), linalg.bandPart(ones([T, T]), -1, 0)), -1e9));
  masks.set(T, made);
  return made;
}
