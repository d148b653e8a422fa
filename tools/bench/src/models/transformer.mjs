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
  tensor,
  tidy,
  transpose,
  variable,
} from '@tensorflow/tfjs-core';
import { Embedding, gelu, LayerNorm, Linear, Module } from '@llm101/models';
import { normal } from '@llm101/random';

/** @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor */
/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * @typedef {object} TransformerSizes
 * @property {number} vocabSize - V
 * @property {number} contextSize - T
 * @property {number} width - C
 * @property {number} heads
 * @property {number} depth - blocks
 */

/**
 * A GPT: learned positions, blocks that normalise before they attend and compute, scores for every token.
 *
 * Source: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"
 */
export class Transformer extends Module {
  /**
   * @param {TransformerSizes} sizes
   * @param {Generator} generator
   */
  constructor({ vocabSize, contextSize, width, heads, depth }, generator) {
    super();
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, width, generator);
    const positions = normal(generator, contextSize * width);
    this.position = tidy(() => variable(tensor(positions, [contextSize, width])));
    this.blocks = Array.from({ length: depth }, () => new Block(width, heads, generator));
    this.norm = new LayerNorm(width);
    this.head = new Linear(width, vocabSize, generator);
    this.mask = causalMask(contextSize);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @returns {Tensor2D} `[B T, V]`
   */
  logits(tokens) {
    const [B, T] = tokens.shape;
    /** @type {Tensor} */
    let x = add(this.embedding.forward(tokens), this.position); // [B, T, C]
    for (const block of this.blocks) x = block.forward(x, this.mask);
    const rows = reshape(this.norm.forward(x), [B * T, x.size / (B * T)]); // [B T, C]
    return this.head.forward(/** @type {Tensor2D} */ (rows)); // [B T, V]
  }
}

class Block extends Module {
  /**
   * @param {number} width
   * @param {number} heads
   * @param {Generator} generator
   */
  constructor(width, heads, generator) {
    super();
    this.heads = heads;
    this.norm1 = new LayerNorm(width);
    this.attend = new Linear(width, 3 * width, generator);
    this.project = new Linear(width, width, generator);
    this.norm2 = new LayerNorm(width);
    this.expand = new Linear(width, 4 * width, generator);
    this.contract = new Linear(4 * width, width, generator);
  }

  /**
   * @param {Tensor} x - `[B, T, C]`
   * @param {Tensor} mask - `[T, T]`
   * @returns {Tensor} `[B, T, C]`
   */
  forward(x, mask) {
    const mixed = add(x, this.project.forward(this.attention(this.norm1.forward(x), mask)));
    const hidden = gelu(this.expand.forward(this.norm2.forward(mixed)), 'tanh'); // [B, T, 4 C]
    return add(mixed, this.contract.forward(hidden));
  }

  /**
   * @param {Tensor} x - `[B, T, C]`
   * @param {Tensor} mask
   * @returns {Tensor} `[B, T, C]`
   */
  attention(x, mask) {
    const [B, T, C] = x.shape;
    const d = C / this.heads;
    const byHead = (/** @type {Tensor} */ part) =>
      transpose(reshape(part, [B, T, this.heads, d]), [0, 2, 1, 3]);
    const [query, key, value] = split(this.attend.forward(x), 3, -1).map(byHead); // [B, h, T, d]
    const scores = mul(matMul(query, key, false, true), 1 / Math.sqrt(d)); // [B, h, T, T]
    const attended = matMul(softmax(add(scores, mask)), value); // [B, h, T, d]
    return reshape(transpose(attended, [0, 2, 1, 3]), [B, T, C]);
  }
}

/**
 * @param {number} T
 * @returns {Tensor} `[T, T]`, 0 where a token may look, -1e9 after it
 */
function causalMask(T) {
  return tidy(() => mul(sub(scalar(1), linalg.bandPart(ones([T, T]), -1, 0)), -1e9));
}
