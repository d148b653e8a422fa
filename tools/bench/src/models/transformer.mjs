import { add, reshape, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import { CausalSelfAttention, Embedding, gelu, LayerNorm, Linear, Module } from '@llm101/models';
import { normal } from '@llm101/random';

/** @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor */
/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs-core').Tensor3D} Tensor3D */
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
    this.heads = heads;
    this.embedding = new Embedding(vocabSize, width, generator);
    const positions = normal(generator, contextSize * width);
    this.position = tidy(() => variable(tensor(positions, [contextSize, width])));
    this.blocks = Array.from({ length: depth }, () => new Block(width, heads, generator));
    this.norm = new LayerNorm(width);
    this.head = new Linear(width, vocabSize, generator);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @returns {Tensor2D} `[B T, V]`
   */
  logits(tokens) {
    const [B, T] = tokens.shape;
    let x = /** @type {Tensor3D} */ (add(this.embedding.forward(tokens), this.position)); // [B, T, C]
    for (const block of this.blocks) x = block.forward(x);
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
    this.norm1 = new LayerNorm(width);
    this.attention = new CausalSelfAttention(width, heads, generator);
    this.norm2 = new LayerNorm(width);
    this.expand = new Linear(width, 4 * width, generator);
    this.contract = new Linear(4 * width, width, generator);
  }

  /**
   * @param {Tensor3D} x - `[B, T, C]`
   * @returns {Tensor3D} `[B, T, C]`
   */
  forward(x) {
    /** @type {Tensor3D} */
    const mixed = add(x, this.attention.forward(this.norm1.forward(x)));
    const hidden = gelu(this.expand.forward(this.norm2.forward(mixed)), 'tanh'); // [B, T, 4 C]
    return add(mixed, this.contract.forward(hidden));
  }
}
