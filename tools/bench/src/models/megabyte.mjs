import { add, concat, fill, reshape, slice } from '@tensorflow/tfjs-core';
import { Embedding, LayerNorm, Linear, Module, TransformerBlock } from '@llm101/models';
import { addPositions, leaveOut, positions } from './gpt.mjs';

/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs-core').Tensor3D} Tensor3D */
/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * @typedef {object} MegabyteSizes
 * @property {number} vocabSize - V
 * @property {number} contextSize - T
 * @property {number} patch - P, tokens of a patch
 * @property {number} width - C of a token; a patch has P C
 * @property {number} heads
 * @property {number} globalDepth - blocks over patches
 * @property {number} localDepth - blocks within a patch
 * @property {string} [lacks] - a regular expression: names of the biases that it hasn't got
 */

/** What stands before the first token of a row and of a patch. */
const PAD = 0;

/**
 * A large model reads patches, each seen as one vector; a small one writes the tokens of a patch from what the large one
 * made of the patches before it.
 *
 * Source: Yu et al. (2023), "MEGABYTE: Predicting Million-byte Sequences with Multiscale Transformers"
 */
export class Megabyte extends Module {
  /**
   * @param {MegabyteSizes} sizes
   * @param {Generator} generator
   */
  constructor(sizes, generator) {
    super();
    const { vocabSize, contextSize, patch, width, heads, globalDepth, localDepth, lacks } = sizes;
    this.patch = patch;
    this.global = new Stack(
      { vocabSize, positions: contextSize, embedded: width, channels: patch * width, heads },
      globalDepth,
      generator,
    );
    this.local = new Stack(
      { vocabSize, positions: patch, embedded: width, channels: width, heads },
      localDepth,
      generator,
    );
    this.head = new Linear(width, vocabSize, generator);
    if (lacks !== undefined) leaveOut(this, lacks);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @returns {Tensor2D} `[B T, V]`: each row's own token, from those before it
   */
  logits(tokens) {
    const { patch: P } = this;
    const [B, T] = tokens.shape;
    const before = shift(tokens, P); // [B, T]
    const embedded = this.global.embed(before); // [B, T, C]
    const C = embedded.shape[2];
    const patches = /** @type {Tensor3D} */ (reshape(embedded, [B, T / P, P * C]));
    const context = reshape(this.global.forward(patches), [(B * T) / P, P, C]);
    const within = shift(reshape(tokens, [(B * T) / P, P]), 1);
    const x = /** @type {Tensor3D} */ (add(this.local.embed(within), context)); // [B T/P, P, C]
    const rows = /** @type {Tensor2D} */ (reshape(this.local.forward(x), [B * T, C]));
    return this.head.forward(rows); // [B T, V]
  }
}

/** Embeddings, blocks, a norm. */
class Stack extends Module {
  /**
   * @param {{ vocabSize: number, positions: number, embedded: number, channels: number, heads: number }} sizes
   * @param {number} depth
   * @param {Generator} generator
   */
  constructor({ vocabSize, positions: count, embedded, channels, heads }, depth, generator) {
    super();
    this.embedding = new Embedding(vocabSize, embedded, generator);
    this.position = positions(count, embedded, generator);
    this.layers = Array.from(
      { length: depth },
      () => new TransformerBlock({ channels, heads }, generator),
    );
    this.norm = new LayerNorm(channels);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @returns {Tensor3D} `[B, T, C]`
   */
  embed(tokens) {
    return addPositions(this.embedding.forward(tokens), this.position);
  }

  /**
   * @param {Tensor3D} x - `[B, T, C]`
   * @returns {Tensor3D} `[B, T, C]`
   */
  forward(x) {
    for (const layer of this.layers) x = layer.forward(x);
    return this.norm.forward(x);
  }
}

/**
 * @param {Tensor2D} tokens - `[B, T]`
 * @param {number} places
 * @returns {Tensor2D} the same, later; padding before it
 */
function shift(tokens, places) {
  const [B, T] = tokens.shape;
  const kept = slice(tokens, [0, 0], [B, T - places]);
  return concat([fill([B, places], PAD, 'int32'), kept], 1);
}
