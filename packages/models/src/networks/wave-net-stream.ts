import {
  add,
  cast,
  concat,
  gather,
  keep,
  matMul,
  minimum,
  mul,
  oneHot,
  relu,
  reshape,
  sigmoid,
  slice,
  split,
  tanh,
  tidy,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { TokenStream } from '../language-model.js';
import { DilatedConv1d } from '../layers/convolutions.js';
import type { Embedding, Linear } from '../layers/linear.js';
import type { GatedLayer } from './gated-layer.js';

/** What a `WaveNet` is made of. */
export interface WaveNetParts {
  readonly embedding: Embedding | DilatedConv1d;
  readonly layers: readonly GatedLayer[];
  readonly hidden: Linear;
  readonly head: Linear;
  /** Whether token 0 begins a sequence; else position 0 does. */
  readonly padsContexts: boolean;
}

/**
 * A WaveNet, with the parameters that it has now, which reads rows token by token. A token costs one column of every layer:
 * what the convolutions have read is kept.
 *
 * Source: Le Paine et al. (2016), "Fast Wavenet Generation Algorithm", https://arxiv.org/abs/1611.09482
 */
export class WaveNetStream implements TokenStream {
  /** `[B]` to `[B, C]` */
  readonly #embed: (tokens: Tensor1D, continues: Continues) => Tensor2D;
  readonly #input: StreamedConvolution | undefined;
  readonly #layers: readonly StreamedLayer[];
  readonly #hidden: PackedLinear;
  readonly #head: PackedLinear;
  readonly #isSeparated: boolean;

  constructor(parts: WaveNetParts, rows: number) {
    const { embedding, layers, hidden, head } = parts;
    this.#isSeparated = parts.padsContexts;
    if (embedding instanceof DilatedConv1d) {
      const input = new StreamedConvolution(embedding, rows);
      const [, vocabSize] = embedding.weight.shape;
      this.#embed = (tokens, continues) =>
        input.next(cast(oneHot(tokens, vocabSize), 'float32') as Tensor2D, continues);
      this.#input = input;
    } else {
      this.#embed = (tokens) => gather<Tensor2D>(embedding.weight, tokens);
    }
    this.#layers = layers.map((layer) => new StreamedLayer(layer, rows));
    this.#hidden = PackedLinear.ofLinear(hidden);
    this.#head = PackedLinear.ofLinear(head);
  }

  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D {
    // 0 where a sequence begins: what the row has read before is forgotten, as in `lookBackInSequence`.
    const begins = cast(this.#isSeparated ? tokens : positions, 'float32');
    const continues: Continues = reshape(minimum(begins, 1), [1, -1, 1]); // [1, B, 1]
    let x = this.#embed(tokens, continues); // [B, C]
    const skips: Tensor2D[] = [];
    for (const layer of this.#layers) {
      const { next, skip } = layer.next(x, continues);
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

/** A gated layer by columns: as `GatedLayer`, but its two last products are one. */
class StreamedLayer {
  readonly #layer: GatedLayer;
  readonly #gates: StreamedConvolution;
  /** To the skip connections and, except in the last layer, to the next one. */
  readonly #outputs: PackedLinear;

  constructor(layer: GatedLayer, rows: number) {
    const { gates, skip, residual } = layer;
    this.#layer = layer;
    this.#gates = new StreamedConvolution(gates, rows);
    this.#outputs = PackedLinear.ofLinear(...(residual === undefined ? [skip] : [skip, residual]));
  }

  /** @param x - `[B, C]` */
  next(x: Tensor2D, continues: Continues): { readonly next: Tensor2D; readonly skip: Tensor2D } {
    const { norm, skip, residual } = this.#layer;
    const [values, gates] = split<Tensor2D>(
      this.#gates.next(norm?.forward(x) ?? x, continues),
      2,
      1,
    );
    const outputs = this.#outputs.apply(mul(tanh(values), sigmoid(gates)));
    if (residual === undefined) return { next: x, skip: outputs };
    const [toSkip, change] = split<Tensor2D>(
      outputs,
      [skip.weight.shape[0], residual.weight.shape[0]],
      1,
    );
    return { next: add(x, change), skip: toSkip };
  }

  dispose(): void {
    this.#gates.dispose();
    this.#outputs.dispose();
  }
}

/** `[1, B, 1]`: 1 for the rows that continue a sequence, 0 for those that begin one. */
type Continues = Tensor3D;

/**
 * A causal convolution that reads one position after the other, and keeps as much of the past as it will need. Before the
 * first position there are zeros.
 */
class StreamedConvolution {
  readonly #product: PackedLinear;
  /** How many steps back it looks, the farthest first. */
  readonly #steps: readonly number[];
  /** `[reach, B, in]`, the oldest first; nothing if it only sees a position itself. */
  readonly #past: Variable<Rank.R3> | undefined;

  constructor({ weight, bias, dilation, reach }: DilatedConv1d, rows: number) {
    const [outChannels, inChannels, kernelSize] = weight.shape;
    this.#product = new PackedLinear(() => [
      reshape<Rank.R2>(transpose(weight, [2, 1, 0]), [kernelSize * inChannels, outChannels]),
      bias,
    ]);
    this.#steps = Array.from({ length: kernelSize - 1 }, (_, k) => reach - k * dilation);
    this.#past =
      reach === 0
        ? undefined
        : tidy(() => variable(zeros<Rank.R3>([reach, rows, inChannels]), false));
  }

  /**
   * @param x - `[B, in]`, the next position
   * @param continues - which rows have a past; the others forget it
   * @returns `[B, out]`
   */
  next(x: Tensor2D, continues: Continues): Tensor2D {
    const kept = this.#past;
    if (kept === undefined) return this.#product.apply(x);
    const [reach, B, inChannels] = kept.shape;
    const past = mul<Tensor3D>(kept, continues);
    const seen = this.#steps.map((back) =>
      reshape<Rank.R2>(slice(past, [reach - back, 0, 0], [1, B, inChannels]), [B, inChannels]),
    );
    const y = this.#product.apply(concat([...seen, x], 1)); // [B, k in] to [B, out]
    tidy(() => {
      const newest = reshape<Rank.R3>(x, [1, B, inChannels]);
      const newer: Tensor3D[] =
        reach === 1 ? [] : [slice(past, [1, 0, 0], [reach - 1, B, inChannels])];
      kept.assign(concat([...newer, newest]));
    });
    return y;
  }

  dispose(): void {
    this.#product.dispose();
    this.#past?.dispose();
  }
}

/**
 * `x W + b` with copies of a weight and a bias, laid out for the product once: to transpose a weight takes longer than to
 * multiply it by a single row.
 */
class PackedLinear {
  /** `[in, out]` */
  readonly #matrix: Tensor2D;
  /** `[out]` */
  readonly #bias: Tensor1D;

  /** @param make - the matrix `[in, out]` and the bias `[out]`; run in a tidy */
  constructor(make: () => readonly [matrix: Tensor2D, bias: Tensor1D]) {
    const [matrix, bias] = tidy(() => make().map((tensor) => keep(tensor.clone())));
    this.#matrix = matrix as Tensor2D;
    this.#bias = bias as Tensor1D;
  }

  /** Layers of the same input, their outputs side by side. */
  static ofLinear(...layers: readonly Linear[]): PackedLinear {
    return new PackedLinear(() => [
      concat(
        layers.map(({ weight }) => transpose(weight)),
        1,
      ),
      concat(layers.map(({ weight, bias }) => bias ?? zeros<Rank.R1>([weight.shape[0]]))),
    ]);
  }

  /**
   * @param x - `[B, in]`
   * @returns `[B, out]`
   */
  apply(x: Tensor2D): Tensor2D {
    return add(matMul(x, this.#matrix), this.#bias);
  }

  dispose(): void {
    this.#matrix.dispose();
    this.#bias.dispose();
  }
}
