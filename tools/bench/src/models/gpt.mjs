import {
  add,
  matMul,
  mul,
  reshape,
  slice,
  tensor,
  tidy,
  transpose,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { Embedding, LayerNorm, Linear, Module, TransformerBlock } from '@llm101/models';
import { normal } from '@llm101/random';

/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs-core').Tensor3D} Tensor3D */
/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * @typedef {object} GptSizes
 * @property {number} vocabSize - V
 * @property {number} contextSize - positions, T at most
 * @property {number} width - C
 * @property {number} heads
 * @property {number} depth - blocks
 * @property {number} [dropout] - of what each half of a block adds
 * @property {boolean} [isTied] - scores are products with the embedding
 * @property {string} [lacks] - a regular expression: names of the biases that it hasn't got
 */

/** The deviation of a GPT-2's first embeddings. */
const DEVIATION = 0.02;

/**
 * A GPT: learned positions, blocks that normalise before they attend and compute, scores for every token.
 *
 * Source: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"
 */
export class GPT extends Module {
  /**
   * @param {GptSizes} sizes
   * @param {Generator} generator
   */
  constructor(sizes, generator) {
    super();
    const { vocabSize, contextSize, width, heads, depth, dropout = 0, isTied, lacks } = sizes;
    this.embedding = new Embedding(vocabSize, width, generator);
    tidy(() => this.embedding.weight.assign(mul(this.embedding.weight, DEVIATION)));
    this.position = positions(contextSize, width, generator);
    this.layers = Array.from(
      { length: depth },
      () => new TransformerBlock({ channels: width, heads, dropout }, generator),
    );
    this.norm = new LayerNorm(width);
    this.head = isTied === true ? undefined : new Linear(width, vocabSize, generator);
    if (lacks !== undefined) leaveOut(this, lacks);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @param {import('@llm101/models').Mode} [mode]
   * @returns {Tensor2D} `[B T, V]`
   */
  logits(tokens, mode = 'evaluation') {
    const [B, T] = tokens.shape;
    let x = addPositions(this.embedding.forward(tokens), this.position); // [B, T, C]
    for (const layer of this.layers) x = layer.forward(x, { mode });
    const rows = /** @type {Tensor2D} */ (reshape(this.norm.forward(x), [B * T, x.size / (B * T)])); // [B T, C]
    if (this.head !== undefined) return this.head.forward(rows); // [B T, V]
    return matMul(rows, transpose(this.embedding.weight)); // [B T, V]
  }
}

/**
 * @param {number} contextSize
 * @param {number} width
 * @param {Generator} generator
 * @returns {import('@tensorflow/tfjs-core').Variable} `[T, C]`
 */
export function positions(contextSize, width, generator) {
  const values = normal(generator, contextSize * width).map((value) => value * DEVIATION);
  return tidy(() => variable(tensor(values, [contextSize, width])));
}

/**
 * @param {Tensor3D} x - `[B, T, C]`
 * @param {import('@tensorflow/tfjs-core').Tensor} position - `[T or more, C]`
 * @returns {Tensor3D} `[B, T, C]`
 */
export function addPositions(x, position) {
  const [, T, C] = x.shape;
  return add(x, position.shape[0] === T ? position : slice(position, [0, 0], [T, C]));
}

/**
 * Makes parameters constants, zeros: they are added, but neither trained nor handed to contestants.
 *
 * @param {Module} model
 * @param {string} pattern - a regular expression for their names
 */
export function leaveOut(model, pattern) {
  for (const [name, parameter] of model.namedParameters()) {
    if (!new RegExp(pattern).test(name)) continue;
    tidy(() => parameter.assign(zerosLike(parameter)));
    parameter.trainable = false;
  }
}
