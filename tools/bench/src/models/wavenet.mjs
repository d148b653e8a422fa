import {
  add,
  engine,
  getBackend,
  getKernel,
  mul,
  relu,
  reshape,
  sigmoid,
  slice,
  split,
  tanh,
} from '@tensorflow/tfjs-core';
import { Conv1d, Embedding, Linear, Module } from '@llm101/models';

/** @typedef {import('@tensorflow/tfjs-core').Tensor2D} Tensor2D */
/** @typedef {import('@tensorflow/tfjs-core').Tensor3D} Tensor3D */
/** @typedef {import('@llm101/random').Generator} Generator */
/** @typedef {{ vocabSize: number, contextSize: number, channels: number }} WaveNetSizes */

/**
 * A stack of gated, dilated convolutions with residual and skip connections, dilation 1, 2, 4, … T/2, for the letter
 * that follows T.
 *
 * Source: van den Oord et al. (2016), "WaveNet", https://arxiv.org/abs/1609.03499
 */
export class WaveNet extends Module {
  /**
   * @param {WaveNetSizes} sizes
   * @param {Generator} generator
   */
  constructor({ vocabSize, contextSize, channels }, generator) {
    super();
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, channels, generator);
    /** @type {GatedLayer[]} */
    this.layers = [];
    for (let dilation = 1; dilation < contextSize; dilation *= 2) {
      const isLast = 2 * dilation >= contextSize;
      this.layers.push(new GatedLayer({ channels, dilation, isLast }, generator));
    }
    this.hidden = new Linear(channels, channels, generator);
    this.head = new Linear(channels, vocabSize, generator);
  }

  /**
   * @param {Tensor2D} tokens - `[B, T]`
   * @returns {Tensor2D} `[B, V]`
   */
  logits(tokens) {
    /** @type {Tensor3D} */
    let x = this.embedding.forward(tokens); // [B, T, C]
    /** @type {Tensor2D | undefined} */
    let skipped;
    for (const layer of this.layers) {
      const { output, skip } = layer.forward(x);
      skipped = skipped === undefined ? skip : add(skipped, skip); // [B, C]
      x = output; // [B, T', C]
    }
    if (skipped === undefined) throw new RangeError('WaveNet: contextSize must be at least 2');
    return this.head.forward(relu(this.hidden.forward(relu(skipped)))); // [B, V]
  }
}

class GatedLayer extends Module {
  /**
   * @param {{ channels: number, dilation: number, isLast: boolean }} options - the last has nothing to hand on
   * @param {Generator} generator
   */
  constructor({ channels, dilation, isLast }, generator) {
    super();
    this.dilation = dilation;
    const sizes = { inChannels: channels, outChannels: 2 * channels, kernelSize: 2, dilation };
    this.gates = new Conv1d(sizes, generator);
    this.skip = new Linear(channels, channels, generator);
    this.residual = isLast ? undefined : new Linear(channels, channels, generator);
  }

  /**
   * @param {Tensor3D} x - `[B, T, C]`
   * @returns {{ output: Tensor3D, skip: Tensor2D }} `[B, T - dilation, C]` and `[B, C]`
   */
  forward(x) {
    const [B, T, C] = x.shape;
    const length = T - this.dilation;
    const z = activate(this.gates.forward(x)); // [B, T', C]
    const last = reshape(slice(z, [0, length - 1, 0], [B, 1, C]), [B, C]);
    const skip = this.skip.forward(/** @type {Tensor2D} */ (last)); // [B, C]
    if (this.residual === undefined) return { output: z, skip };
    const kept = slice(x, [0, this.dilation, 0], [B, length, C]);
    return { output: add(kept, this.residual.forward(z)), skip };
  }
}

/**
 * By the kernel that `@llm101/wasm` registers, as the WaveNet of `@llm101/models` does it; else composed.
 *
 * @param {Tensor3D} x - `[B, T, 2 C]`
 * @returns {Tensor3D} `[B, T, C]`, the values through tanh, passed by their gates through sigmoid
 */
function activate(x) {
  if (getKernel('GatedActivation', getBackend()) !== undefined) {
    const [y] = [engine().runKernel('GatedActivation', { x }, {})].flat();
    return /** @type {Tensor3D} */ (y);
  }
  const [values, gates] = /** @type {Tensor3D[]} */ (split(x, 2, -1));
  return mul(tanh(values), sigmoid(gates));
}
