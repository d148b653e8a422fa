/**
 * A matrix product of the forward pass: `[m, k] · [k, n]`, or a batch of them.
 *
 * @typedef {readonly [m: number, k: number, n: number, batch?: number]} Product
 */

/**
 * Floating-point operations of one training step: each product costs `2 m k n` forward and twice that backward, for
 * the gradients of both factors. Everything else (activations, softmax, the optimizer) is below a few percent and is
 * left out, and so is what a contestant multiplies beyond the products of the model.
 *
 * @param {readonly Product[]} products
 * @returns {number}
 */
export function trainingFlops(products) {
  return products.reduce((sum, [m, k, n, batch = 1]) => sum + 6 * m * k * n * batch, 0);
}

/**
 * @param {import('@llm101/models').ModelSizes} sizes
 * @param {number} B
 * @returns {Product[]}
 */
export function mlpProducts({ vocabSize: V, contextSize: T, dEmbed: C, dHidden: H }, B) {
  return [
    [B, T * C, H],
    [B, H, V],
  ];
}

/**
 * @param {import('@llm101/models').ModelSizes} sizes
 * @param {number} B
 * @returns {Product[]}
 */
export function cnnProducts({ vocabSize: V, contextSize: T, dEmbed: C, dHidden: H }, B) {
  /** @type {Product[]} */
  const products = [];
  for (let length = T / 2; length >= 1; length /= 2) {
    products.push([B * length, 2 * (length === T / 2 ? C : H), H]);
  }
  return [...products, [B, H, V]];
}

/**
 * @param {import('./models/wavenet.mjs').WaveNetSizes} sizes
 * @param {number} B
 * @returns {Product[]}
 */
export function waveNetProducts({ vocabSize: V, contextSize: T, channels: C }, B) {
  /** @type {Product[]} */
  const products = [];
  let length = T;
  for (let dilation = 1; dilation < T; dilation *= 2) {
    length -= dilation;
    products.push([B * length, 2 * C, 2 * C], [B, C, C]); // gates, skip
    if (length > 1) products.push([B * length, C, C]); // residual
  }
  return [...products, [B, C, C], [B, C, V]];
}

/**
 * A transformer block of width C over rows of T: attention is counted in full, masked pairs too.
 *
 * @param {{ width: number, heads: number }} sizes
 * @param {{ batchSize: number, length: number }} batch - B and T
 * @returns {Product[]}
 */
function blockProducts({ width: C, heads }, { batchSize: B, length: T }) {
  const rows = B * T;
  const d = C / heads;
  return [
    [rows, C, 3 * C],
    [T, d, T, B * heads],
    [T, T, d, B * heads],
    [rows, C, C],
    [rows, C, 4 * C],
    [rows, 4 * C, C],
  ];
}

/**
 * @param {import('./models/modern-gpt.mjs').ModernGptSizes} sizes
 * @param {{ batchSize: number, length: number }} batch
 * @returns {Product[]}
 */
export function gptProducts(sizes, batch) {
  const { vocabSize: V, width: C, depth } = sizes;
  const blocks = Array.from({ length: depth }, () => blockProducts(sizes, batch)).flat();
  return [...blocks, [batch.batchSize * batch.length, C, V]];
}

/**
 * @param {import('./models/megabyte.mjs').MegabyteSizes} sizes
 * @param {{ batchSize: number, length: number }} batch
 * @returns {Product[]}
 */
export function megabyteProducts(sizes, { batchSize: B, length: T }) {
  const { vocabSize: V, width: C, heads, patch: P, globalDepth, localDepth } = sizes;
  const patches = blockProducts({ width: P * C, heads }, { batchSize: B, length: T / P });
  const tokens = blockProducts({ width: C, heads }, { batchSize: (B * T) / P, length: P });
  return [
    ...Array.from({ length: globalDepth }, () => patches).flat(),
    ...Array.from({ length: localDepth }, () => tokens).flat(),
    [B * T, C, V],
  ];
}
