import { GPT } from '@llm101/models';
import { reshape } from '@tensorflow/tfjs-core';

/**
 * @typedef {object} ModernGptSizes
 * @property {number} vocabSize - V
 * @property {number} contextSize - T at most
 * @property {number} width - C
 * @property {number} heads
 * @property {number} depth - blocks
 */

/**
 * A GPT as the presets have it: rotary positions, RMS norms, of queries and keys too, squared ReLU, no biases, a tied head;
 * scores for every token.
 */
export class ModernGPT extends GPT {
  /**
   * @param {ModernGptSizes} sizes
   * @param {import('@llm101/random').Generator} generator
   */
  constructor({ vocabSize, contextSize, width, heads, depth }, generator) {
    const sizes = { vocabSize, contextSize, channels: width, heads, layers: depth };
    super(
      {
        ...sizes,
        positions: 'rotary',
        norm: 'rms',
        activation: 'squared-relu',
        qkNorm: true,
        bias: false,
      },
      generator,
    );
  }

  /**
   * @override
   * @param {import('@tensorflow/tfjs-core').Tensor2D} tokens - `[B, T]`
   * @param {import('@llm101/models').Mode} [mode]
   * @returns {import('@tensorflow/tfjs-core').Tensor2D} `[B T, V]`
   */
  logits(tokens, mode) {
    return reshape(this.sequenceLogits(tokens, mode), [tokens.size, this.vocabSize]);
  }
}
