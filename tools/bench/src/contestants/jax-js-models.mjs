import { nn, numpy as np } from '@jax-js/jax';
import { NO_MODERN_BLOCKS } from './tfjs-task.mjs';

/** @typedef {import('@jax-js/jax').Array} Value */
/** @typedef {{ [name: string]: Value }} Parameters */
/** @typedef {import('../models/kinds.mjs').ModelSpec} ModelSpec */

// jax-js counts references: a value is used up by what takes it, `.ref` keeps it for one more.

/**
 * @param {Parameters} p
 * @param {string} name
 * @param {Value} x
 */
const linear = (p, name, x) => affine(p, { weight: `${name}.weight`, bias: `${name}.bias` }, x);

/**
 * A bias that the file lacks, the model lacks.
 *
 * @param {Parameters} p
 * @param {{ weight: string, bias: string }} names
 * @param {Value} x
 */
function affine(p, { weight, bias }, x) {
  const y = np.matmul(x, np.transpose(p[weight]));
  return p[bias] === undefined ? y : np.add(y, p[bias]);
}

/**
 * A kernel of 2 over windows that lie side by side.
 *
 * @param {Parameters} p
 * @param {string} name
 * @param {Value} x - `[B, T', 2 C]`, channels of each tap together
 */
function pair(p, name, x) {
  const weight = p[`${name}.weight`]; // [out, C, 2]
  const [out, C] = weight.shape;
  const columns = np.reshape(np.transpose(weight, [2, 1, 0]), [2 * C, out]);
  return np.add(np.matmul(x, columns), p[`${name}.bias`]);
}

/**
 * A look-up as a product with one-hot rows. By `weight.slice(tokens)` jax-js 0.1.25 compiles some of the models only:
 * "jit: routine primitive scatter input is not imm".
 *
 * @param {Parameters} p
 * @param {Value} tokens
 * @param {string} [name]
 */
function embed(p, tokens, name = 'embedding.weight') {
  const weight = p[name];
  return np.matmul(nn.oneHot(tokens, weight.shape[0]), weight);
}

/**
 * @param {Parameters} p
 * @param {Value} tokens
 */
function mlp(p, tokens) {
  const x = np.reshape(embed(p, tokens), [tokens.shape[0], -1]);
  return linear(p, 'linear2', nn.relu(linear(p, 'linear1', x)));
}

/**
 * @param {Parameters} p
 * @param {Value} tokens
 */
function cnn(p, tokens) {
  const [B, T] = tokens.shape;
  let x = embed(p, tokens);
  for (let i = 0; i < Math.log2(T); i++) {
    x = nn.relu(pair(p, `layers.${i}`, np.reshape(x, [B, T >> (i + 1), -1])));
  }
  return linear(p, 'linear', np.reshape(x, [B, -1]));
}

/**
 * @param {Parameters} p
 * @param {Value} tokens
 */
function wavenet(p, tokens) {
  const depth = Math.log2(tokens.shape[1]);
  let x = embed(p, tokens); // [B, T, C]
  /** @type {Value | undefined} */
  let skipped;
  for (let i = 0; i < depth; i++) {
    const d = 2 ** i;
    const T = x.shape[1];
    const later = x.ref.slice([], [d]);
    const windows = np.concatenate([x.slice([], [0, T - d]), later.ref], -1);
    const [a, b] = np.split(pair(p, `layers.${i}.gates`, windows), 2, -1);
    const z = np.multiply(np.tanh(a), nn.sigmoid(b)); // [B, T - d, C]
    const skip = linear(p, `layers.${i}.skip`, z.ref.slice([], -1));
    skipped = skipped === undefined ? skip : np.add(skipped, skip);
    if (i === depth - 1) {
      later.dispose();
      z.dispose();
    } else x = np.add(later, linear(p, `layers.${i}.residual`, z));
  }
  if (skipped === undefined) throw new RangeError('wavenet: T must be at least 2');
  return linear(p, 'head', nn.relu(linear(p, 'hidden', nn.relu(skipped))));
}

/**
 * @param {Parameters} p
 * @param {Value} tokens
 * @param {Extract<ModelSpec, { kind: 'gpt' }>} sizes
 */
function gpt(p, tokens, { heads, depth, isTied }) {
  const [B, T] = tokens.shape;
  const position = p['position'].slice([0, T]);
  const table = isTied === true ? p['embedding.weight'].ref : undefined;
  const x = blocks(p, '', np.add(embed(p, tokens), position), { heads, depth });
  const rows = np.reshape(x, [B * T, -1]);
  return table === undefined ? linear(p, 'head', rows) : np.matmul(rows, np.transpose(table));
}

/**
 * Pre-norm blocks and a last norm.
 *
 * @param {Parameters} p
 * @param {string} prefix
 * @param {Value} x - `[B, T, C]`
 * @param {{ heads: number, depth: number }} sizes
 */
function blocks(p, prefix, x, { heads, depth }) {
  const [B, T] = x.shape;
  for (let i = 0; i < depth; i++) {
    const layer = `${prefix}layers.${i}`;
    const attn = `${layer}.self_attn`;
    const names = { weight: `${attn}.in_proj_weight`, bias: `${attn}.in_proj_bias` };
    const parts = np.split(affine(p, names, norm(p, `${layer}.norm1`, x.ref)), 3, -1);
    const [q, k, v] = parts.map((part) => np.reshape(part, [B, T, heads, -1]));
    const attended = np.reshape(attend(q, k, v), [B, T, -1]);
    x = np.add(x, linear(p, `${attn}.out_proj`, attended));
    const hidden = linear(p, `${layer}.linear1`, norm(p, `${layer}.norm2`, x.ref));
    x = np.add(x, linear(p, `${layer}.linear2`, nn.gelu(hidden, { approximate: false })));
  }
  return norm(p, `${prefix}norm`, x);
}

/**
 * @param {Parameters} p
 * @param {Value} tokens
 * @param {Extract<ModelSpec, { kind: 'megabyte' }>} sizes
 */
function megabyte(p, tokens, { patch: P, width: C, heads, globalDepth, localDepth }) {
  const [B, T] = tokens.shape;
  const embedAll = (/** @type {Value} */ ids, /** @type {string} */ part) =>
    np.add(embed(p, ids, `${part}.embedding.weight`), p[`${part}.position`]);
  const before = np.concatenate([padding(B, P), tokens.ref.slice([], [0, T - P])], 1);
  const patches = np.reshape(embedAll(before, 'global'), [B, T / P, P * C]);
  const context = blocks(p, 'global.', patches, { heads, depth: globalDepth });
  const rows = (B * T) / P;
  const own = np.reshape(tokens, [rows, P]);
  const within = np.concatenate([padding(rows, 1), own.slice([], [0, P - 1])], 1);
  const x = np.add(embedAll(within, 'local'), np.reshape(context, [rows, P, C]));
  const written = blocks(p, 'local.', x, { heads, depth: localDepth });
  return linear(p, 'head', np.reshape(written, [B * T, C]));
}

/**
 * @param {number} rows
 * @param {number} columns
 */
const padding = (rows, columns) => np.zeros([rows, columns], { dtype: np.int32 });

/**
 * Causal attention by hand: `nn.dotProductAttention` of jax-js 0.1.25 needs iterator helpers, which Node 20 lacks.
 *
 * @param {Value} q - `[B, T, heads, d]`
 * @param {Value} k
 * @param {Value} v
 */
function attend(q, k, v) {
  const [, T, , d] = q.shape;
  const keys = np.transpose(k, [0, 2, 3, 1]); // [B, heads, d, T]
  const scores = np.multiply(np.matmul(np.transpose(q, [0, 2, 1, 3]), keys), 1 / Math.sqrt(d));
  const isSeen = np.tril(np.ones([T, T], { dtype: np.bool }));
  const weights = nn.softmax(np.where(isSeen, scores, -1e9)); // [B, heads, T, T]
  return np.transpose(np.matmul(weights, np.transpose(v, [0, 2, 1, 3])), [0, 2, 1, 3]);
}

/**
 * @param {Parameters} p
 * @param {string} name
 * @param {Value} x
 */
function norm(p, name, x) {
  const mean = np.mean(x.ref, -1, { keepdims: true });
  const centred = np.subtract(x, mean);
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  const scaled = np.divide(centred, np.sqrt(np.add(variance, 1e-5)));
  const y = np.multiply(scaled, p[`${name}.weight`]);
  const bias = p[`${name}.bias`];
  return bias === undefined ? y : np.add(y, bias);
}

/**
 * Logits of a model. They use up the parameters and the tokens.
 *
 * @param {ModelSpec} spec
 * @returns {(p: Parameters, tokens: Value) => Value}
 */
export function logitsOf(spec) {
  if (spec.kind === 'gpt') return (p, tokens) => gpt(p, tokens, spec);
  if (spec.kind === 'modern-gpt') throw new Error(NO_MODERN_BLOCKS);
  if (spec.kind === 'megabyte') return (p, tokens) => megabyte(p, tokens, spec);
  return { mlp, cnn, wavenet }[spec.kind];
}
