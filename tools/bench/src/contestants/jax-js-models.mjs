import { nn, numpy as np } from '@jax-js/jax';

/** @typedef {import('@jax-js/jax').Array} Value */
/** @typedef {{ [name: string]: Value }} Parameters */

// jax-js counts references: a value is used up by what takes it, `.ref` keeps it for one more.

/**
 * @param {Parameters} p
 * @param {string} name
 * @param {Value} x
 */
const linear = (p, name, x) =>
  np.add(np.matmul(x, np.transpose(p[`${name}.weight`])), p[`${name}.bias`]);

/**
 * Queries, keys and values as one product.
 *
 * @param {Parameters} p
 * @param {string} name
 * @param {Value} x
 */
const qkv = (p, name, x) =>
  np.add(np.matmul(x, np.transpose(p[`${name}_weight`])), p[`${name}_bias`]);

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
 */
function embed(p, tokens) {
  const weight = p['embedding.weight'];
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

const HEADS = 4;
const BLOCKS = ['blocks.0', 'blocks.1'];

/**
 * @param {Parameters} p
 * @param {Value} tokens
 */
function transformer(p, tokens) {
  const [B, T] = tokens.shape;
  let x = np.add(embed(p, tokens), p['position']);
  for (const block of BLOCKS) {
    const parts = np.split(
      qkv(p, `${block}.attention.in_proj`, norm(p, `${block}.norm1`, x.ref)),
      3,
      -1,
    );
    const [q, k, v] = parts.map((part) => np.reshape(part, [B, T, HEADS, -1]));
    const attended = np.reshape(attend(q, k, v), [B, T, -1]);
    x = np.add(x, linear(p, `${block}.attention.out_proj`, attended));
    const hidden = nn.gelu(linear(p, `${block}.expand`, norm(p, `${block}.norm2`, x.ref)));
    x = np.add(x, linear(p, `${block}.contract`, hidden));
  }
  return np.reshape(linear(p, 'head', norm(p, 'norm', x)), [B * T, -1]);
}

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
  return np.add(np.multiply(scaled, p[`${name}.weight`]), p[`${name}.bias`]);
}

/**
 * Logits of each workload's model. They use up the parameters and the tokens.
 *
 * @type {Readonly<Record<string, (p: Parameters, tokens: Value) => Value>>}
 */
export const models = { mlp, cnn, wavenet, transformer };
