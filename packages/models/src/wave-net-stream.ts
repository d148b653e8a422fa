import {
  add,
  cast,
  gather,
  minimum,
  mul,
  oneHot,
  relu,
  reshape,
  sigmoid,
  split,
  tanh,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { DilatedConv1d } from './dilated-conv1d.js';
import { FrozenProduct } from './frozen-product.js';
import type { Embedding } from './embedding.js';
import type { GatedLayer } from './gated-layer.js';
import type { Linear } from './linear.js';
import { type GoesOn, StreamedConvolution } from './streamed-convolution.js';
import type { TokenStream } from './token-stream.js';

/** What a `WaveNet` is made of. */
export interface WaveNetParts {
  readonly embedding: Embedding | DilatedConv1d;
  readonly layers: readonly GatedLayer[];
  readonly hidden: Linear;
  readonly head: Linear;
}

/**
 * A WaveNet, with the parameters that it has now, which reads rows token by token. A token costs one column of every layer;
 * what its convolutions have read is kept.
 *
 * Source: Le Paine et al. (2016), "Fast Wavenet Generation Algorithm", https://arxiv.org/abs/1611.09482
 */
export class WaveNetStream implements TokenStream {
  /** `[B]` to `[B, C]` */
  readonly #embed: (tokens: Tensor1D, goesOn: GoesOn) => Tensor2D;
  readonly #input: StreamedConvolution | undefined;
  readonly #layers: readonly StreamedLayer[];
  readonly #hidden: FrozenProduct;
  readonly #head: FrozenProduct;

  constructor({ embedding, layers, hidden, head }: WaveNetParts, rows: number) {
    if (embedding instanceof DilatedConv1d) {
      const input = new StreamedConvolution(embedding, rows);
      const [, vocabSize] = embedding.weight.shape;
      this.#embed = (tokens, goesOn) =>
        input.next(cast(oneHot(tokens, vocabSize), 'float32') as Tensor2D, goesOn);
      this.#input = input;
    } else {
      this.#embed = (tokens) => gather<Tensor2D>(embedding.weight, tokens);
    }
    this.#layers = layers.map((layer) => new StreamedLayer(layer, rows));
    this.#hidden = FrozenProduct.ofLinear(hidden);
    this.#head = FrozenProduct.ofLinear(head);
  }

  next(tokens: Tensor1D): Tensor2D {
    // 0 where a name begins: what the row has read before counts no more, as in `recallName`.
    const goesOn: GoesOn = reshape(minimum(cast(tokens, 'float32'), 1), [1, -1, 1]); // [1, B, 1]
    let x = this.#embed(tokens, goesOn); // [B, C]
    const skips: Tensor2D[] = [];
    for (const layer of this.#layers) {
      const { next, skip } = layer.next(x, goesOn);
      skips.push(skip);
      x = next;
    }
    const sum = skips.reduce((a, b) => add(a, b)); // [B, S]
    return this.#head.apply(relu(this.#hidden.apply(relu(sum)))); // [B, V]
  }

  dispose(): void {
    this.#input?.dispose();
    for (const layer of this.#layers) layer.dispose();
    this.#hidden.dispose();
    this.#head.dispose();
  }
}

/** A gated layer by columns: the same as `GatedLayer`, but that its two last products are one. */
class StreamedLayer {
  readonly #layer: GatedLayer;
  readonly #gates: StreamedConvolution;
  /** To skip connections and, but for the last layer, to the next one. */
  readonly #outputs: FrozenProduct;

  constructor(layer: GatedLayer, rows: number) {
    const { gates, skip, residual } = layer;
    this.#layer = layer;
    this.#gates = new StreamedConvolution(gates, rows);
    this.#outputs = FrozenProduct.ofLinear(...(residual === undefined ? [skip] : [skip, residual]));
  }

  /** @param x - `[B, C]` */
  next(x: Tensor2D, goesOn: GoesOn): { readonly next: Tensor2D; readonly skip: Tensor2D } {
    const { norm, skip, residual } = this.#layer;
    const [values, gates] = split<Tensor2D>(this.#gates.next(norm?.forward(x) ?? x, goesOn), 2, 1);
    const outputs = this.#outputs.apply(mul(tanh(values), sigmoid(gates)));
    if (residual === undefined) return { next: x, skip: outputs };
    const [toSkip, change] = split<Tensor2D>(outputs, [skip.bias.size, residual.bias.size], 1);
    return { next: add(x, change), skip: toSkip };
  }

  dispose(): void {
    this.#gates.dispose();
    this.#outputs.dispose();
  }
}
