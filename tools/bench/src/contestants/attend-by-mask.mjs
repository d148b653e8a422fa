import {
  add,
  linalg,
  matMul,
  mul,
  ones,
  reshape,
  scalar,
  softmax,
  split,
  sub,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

/** @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor */

/**
 * Makes attention what users of tfjs write: scores of all pairs, and a mask that is made once.
 *
 * @param {import('@llm101/models').CausalSelfAttention} attention
 * @param {{ heads: number, contextSize: number }} sizes
 */
export function attendByMask(attention, { heads, contextSize }) {
  const mask = causalMask(contextSize);
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
    const attended = matMul(softmax(add(scores, mask)), value); // [B, h, T, d]
    return output.forward(reshape(transpose(attended, [0, 2, 1, 3]), [B, T, C]));
  };
}

/**
 * @param {number} T
 * @returns {Tensor} `[T, T]`, 0 where a token may look, -1e9 after it
 */
function causalMask(T) {
  return tidy(() => mul(sub(scalar(1), linalg.bandPart(ones([T, T]), -1, 0)), -1e9));
}
